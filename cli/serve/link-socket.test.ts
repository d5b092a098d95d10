import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { newHome } from "../../core/session/serve/test-session.ts";
import { findPaths } from "../../core/storage/paths.ts";
import { askForLinks, clearKilledLinks, serveLinks } from "./link-socket.ts";

test("a folder for sockets below /tmp is there only as long as links are served", async () => {
  const paths = findPaths({ TINSMITH_HOME: join(newHome().sessions, "x".repeat(90)) });
  expect(dirname(paths.sockets)).toBe("/tmp");
  expect(await askForLinks(paths)).toEqual([]);
  expect(existsSync(paths.sockets)).toBe(false);
  {
    await using _links = await serveLinks(paths, 1, () => "a link");
    expect(await clearKilledLinks(paths)).toEqual([]);
    expect(await askForLinks(paths)).toEqual(["a link"]);
  }
  expect(existsSync(paths.sockets)).toBe(false);
});
