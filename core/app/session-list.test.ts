import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makePrivateFolder, sessionPaths } from "../paths.ts";
import { newHome } from "../session/test-session.ts";
import { createSessionList } from "./session-list.ts";

const keptFiles = join(import.meta.dirname, "../../tests/fixtures/kept-files");

function leaveSession(log: string) {
  const paths = newHome();
  makePrivateFolder(paths.sessions);
  const files = sessionPaths(paths, "20261125-165938-ece2");
  makePrivateFolder(files.folder);
  writeFileSync(files.events, log);
  return { paths, files };
}

test.each([
  ["session-log-0-unnumbered.jsonl", { title: "Run", status: "succeeded", started: 1795391753402 }],
  ["session-log-0.jsonl", { title: "Run of microcore-worker.tar.lz4", status: "succeeded" }],
])("a session that was kept earlier, %s, is listed", (name, summary) => {
  const { paths } = leaveSession(readFileSync(join(keptFiles, name), "utf8"));
  expect(createSessionList(paths)()).toMatchObject([{ id: "20261125-165938-ece2", kind: "run", ...summary }]);
});

test("a newer Tinsmith's session is listed as such, and nothing is made of what it says", () => {
  const { paths, files } = leaveSession('{"version":2,"seq":1,"title":{"text":"new"},"type":"began"}\n');
  expect(createSessionList(paths)()).toMatchObject([
    {
      title: "A session of a newer Tinsmith",
      status: "newer",
      error: { code: "newer-version", advice: expect.stringContaining("Update Tinsmith") },
      folder: files.folder,
      bytes: readFileSync(files.events).length,
    },
  ]);
});

test("a folder without a log is no session", () => {
  const { paths, files } = leaveSession("");
  cpSync(files.folder, sessionPaths(paths, "other").folder, { recursive: true });
  expect(createSessionList(paths)()).toEqual([]);
});
