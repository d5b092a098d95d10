import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { makePrivateFolder } from "../files/private-folder.ts";
import { newHome } from "../session/serve/test-session.ts";
import { sessionPaths } from "../storage/paths.ts";
import { findSiteFile, type Site } from "./site-file.ts";

function newSite(): Site {
  const paths = newHome();
  const renderer = join(paths.sessions, "../renderer");
  mkdirSync(join(renderer, "assets"), { recursive: true });
  writeFileSync(join(renderer, "index.html"), "the page");
  const { folder } = sessionPaths(paths, "a-session");
  makePrivateFolder(folder);
  writeFileSync(join(folder, "task.log"), "a log");
  return { paths, renderer };
}

test("the page and a session's logs are found", async () => {
  const site = newSite();
  const find = async (path: string) => text(findSiteFile(site, path)?.open() ?? expect.fail(path));
  expect(await find("/")).toBe("the page");
  expect(await find("/sessions/a-session/files/task.log")).toBe("a log");
});

const long = "a".repeat(300);

test.each([
  `/${long}`,
  `/${"a/".repeat(3000)}`,
  "/\0",
  "/%00",
  "/%ff",
  "/..",
  "/../index.html/..",
  "//",
  "",
  "/assets",
  "/index.html/x",
  `/sessions/${long}/files/task.log`,
  "/sessions/a-session/files/lock",
  "/sessions/a-session/files/../../a-session/files/task.log",
  `/sessions/a-session/files/bodies/${"1".repeat(300)}.reply`,
])("nothing is found at %j, and nothing is thrown", (path) => {
  expect(findSiteFile(newSite(), path)).toBeUndefined();
});
