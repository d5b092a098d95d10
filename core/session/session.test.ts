import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { exchangeBodyFile, findPaths, type Paths, sessionPaths } from "../paths.ts";
import { openSession } from "./session.ts";
import { clearEndedSessions } from "./session-cleanup.ts";

function newHome(): Paths {
  const home = mkdtempSync(join(tmpdir(), "ts-"));
  onTestFinished(() => rmSync(home, { recursive: true }));
  return findPaths({ TINSMITH_HOME: home });
}

/** What a session that ended leaves, or one that was killed: its log, and in the second case its working files. */
function leaveBehind(paths: Paths, id: string, { bytes = 0, killed = false } = {}): void {
  const files = sessionPaths(paths, id);
  mkdirSync(files.folder, { recursive: true });
  writeFileSync(files.serialLog, Buffer.alloc(bytes));
  if (!killed) return;
  mkdirSync(files.working);
  mkdirSync(files.socketFolder, { recursive: true });
}

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

test("only the user can enter the folders of sessions and sockets", () => {
  using session = openSession(newHome(), "a test");
  for (const folder of [session.paths.folder, session.paths.socketFolder])
    expect(statSync(folder).mode & 0o777).toBe(0o700);
});

test("opening a session clears what killed ones left, says so, and leaves running ones alone", async () => {
  const paths = newHome();
  using running = openSession(paths, "running");
  const killed = sessionPaths(paths, "20200101-000000-0000");
  leaveBehind(paths, "20200101-000000-0000", { killed: true });
  const archive = join(paths.cache, "worker.tar.lz4");
  writeFileSync(archive, "the old archive");
  writeFileSync(`${archive}.partial`, "half of a new one");
  writeFileSync(killed.packing, archive);
  const orphan = spawn("sh", ["-c", "read _", `${killed.socketFolder}/qmp.sock`]);
  const orphanEnded = once(orphan, "exit");

  using next = openSession(paths, "the next");
  expect(next.cleared).toEqual([
    `Cleared what the killed session 20200101-000000-0000 left: process ${orphan.pid}, its working files, ${archive}.partial.`,
  ]);
  expect(await orphanEnded).toEqual([null, "SIGKILL"]);
  expect(existsSync(killed.working)).toBe(false);
  expect(existsSync(killed.packing)).toBe(false);
  expect(existsSync(killed.socketFolder)).toBe(false);
  expect(existsSync(`${archive}.partial`)).toBe(false);
  expect(existsSync(killed.serialLog)).toBe(true);
  expect(readFileSync(archive, "utf8")).toBe("the old archive");
  expect(existsSync(running.paths.working)).toBe(true);
  expect(existsSync(running.paths.socketFolder)).toBe(true);

  using later = openSession(paths, "later");
  expect(later.cleared).toEqual([]);
});

test("the oldest of too many ended sessions go", () => {
  const paths = newHome();
  for (const id of ["20200101-1", "20200101-2", "20200101-3"]) leaveBehind(paths, id);
  clearEndedSessions(paths, { sessions: 2, bytes: 1000 });
  expect(readdirSync(paths.sessions)).toEqual(["20200101-2", "20200101-3"]);
});

test("the oldest of too large ended sessions go", () => {
  const paths = newHome();
  for (const id of ["20200101-1", "20200101-2", "20200101-3"]) leaveBehind(paths, id, { bytes: 400 });
  clearEndedSessions(paths, { sessions: 50, bytes: 1000 });
  expect(readdirSync(paths.sessions)).toEqual(["20200101-2", "20200101-3"]);
});

test("the bodies of exchanges count to a session's size", () => {
  const paths = newHome();
  for (const id of ["20200101-1", "20200101-2"]) {
    leaveBehind(paths, id);
    const body = join(sessionPaths(paths, id).folder, exchangeBodyFile(1, "request"));
    mkdirSync(dirname(body));
    writeFileSync(body, Buffer.alloc(100_000));
  }
  clearEndedSessions(paths, { sessions: 50, bytes: 150_000 });
  expect(readdirSync(paths.sessions)).toEqual(["20200101-2"]);
});
