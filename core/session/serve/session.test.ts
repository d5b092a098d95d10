import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { eventually } from "../../../tests/eventually.ts";
import { createProcessTree } from "../../process/process-tree.ts";
import { runCommand } from "../../process/run-command.ts";
import { findPaths } from "../../storage/paths.ts";
import { openSession } from "./session.ts";
import { newHome } from "./test-session.ts";

test("a session's events and logs stay when it ends; working files and sockets go", () => {
  const session = openSession(newHome(), "a test");
  const files = session.paths;
  writeFileSync(join(files.working, "disk.img"), "large");
  writeFileSync(files.metaServiceSocket, "");
  writeFileSync(files.serialLog, "boot\n");
  session.record({ type: "note", text: "first" });
  session.record({ type: "task-result", result: "success" });
  session[Symbol.dispose]();

  const events = readFileSync(files.events, "utf8").trimEnd().split("\n");
  expect(events.map((line) => JSON.parse(line))).toEqual([
    { version: 1, seq: 1, time: expect.any(Number), type: "note", text: "first" },
    { seq: 2, time: expect.any(Number), type: "task-result", result: "success" },
  ]);
  expect(existsSync(files.serialLog)).toBe(true);
  expect(existsSync(files.working)).toBe(false);
  expect(existsSync(files.socketFolder)).toBe(false);
});

test("where a home has no path that is fit for sockets, their folder below /tmp goes with the last session", () => {
  const paths = findPaths({ TINSMITH_HOME: join(newHome().sessions, "x".repeat(90)) });
  expect(dirname(paths.sockets)).toBe("/tmp");
  const first = openSession(paths, "the first");
  const last = openSession(paths, "the last");
  first[Symbol.dispose]();
  expect(readdirSync(paths.sockets)).toEqual([last.id]);
  last[Symbol.dispose]();
  expect(existsSync(paths.sockets)).toBe(false);
});

test("what a session's command left running ends with the session", async () => {
  const session = openSession(newHome(), "a test");
  const id = await runCommand(["sh", "-c", "setsid sleep 1000 >/dev/null 2>&1 & echo $!"]);
  const tree = createProcessTree(Number(id));
  await eventually(() => expect(readFileSync(`/proc/${id}/cmdline`, "utf8")).toContain("sleep"));
  session[Symbol.dispose]();
  await eventually(() => expect(tree.running()).toEqual([]));
});

test("only the user can enter the folders of sessions and sockets", () => {
  using session = openSession(newHome(), "a test");
  for (const folder of [session.paths.folder, session.paths.socketFolder])
    expect(statSync(folder).mode & 0o777).toBe(0o700);
});
