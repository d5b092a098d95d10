import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { sessionSummarySchema } from "../../../shared/session/session-summary.ts";
import { requestStop } from "../../async/process-end.ts";
import { markKeptGuest } from "../../builder/failed-guest.ts";
import { makePrivateFolder } from "../../files/private-folder.ts";
import { newHome, openTestSession } from "../../session/serve/test-session.ts";
import { sessionPaths } from "../../storage/paths.ts";
import { createSessionList } from "./session-list.ts";

const keptFiles = join(import.meta.dirname, "../../../tests/fixtures/kept-files");

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
])("a session that was kept earlier, %s, is listed", async (name, summary) => {
  const { paths } = leaveSession(readFileSync(join(keptFiles, name), "utf8"));
  expect(await createSessionList(paths)()).toMatchObject([
    { id: "20261125-165938-ece2", kind: "run", ...summary },
  ]);
});

test("sessions that started in the same second are listed in the order of their start, the newest first", async () => {
  const paths = newHome();
  makePrivateFolder(paths.sessions);
  const starts = { "20261125-165938-aaaa": 300, "20261125-165938-bbbb": 100, "20261125-165938-cccc": 200 };
  for (const [id, time] of Object.entries(starts)) {
    const files = sessionPaths(paths, id);
    makePrivateFolder(files.folder);
    writeFileSync(
      files.events,
      `${JSON.stringify({ version: 1, seq: 1, time, type: "run-started", title: "Run" })}\n`,
    );
  }
  const listed = await createSessionList(paths)();
  expect(listed.map(({ started }) => started)).toEqual([300, 200, 100]);
});

test("a newer Tinsmith's session is listed as such, and nothing is made of what it says", async () => {
  const { paths, files } = leaveSession('{"version":2,"seq":1,"title":{"text":"new"},"type":"began"}\n');
  expect(await createSessionList(paths)()).toMatchObject([
    {
      title: "A session of a newer Tinsmith",
      status: "newer",
      error: { code: "newer-version", advice: expect.stringContaining("Update Tinsmith") },
      folder: files.folder,
      bytes: readFileSync(files.events).length,
    },
  ]);
});

test("a failed build can be retried as long as its work is kept, and deletions that made room are told", async () => {
  const deleted = { type: "note", text: "Deleted an old session.", about: "deleted-sessions" };
  const events = [
    { type: "build-started" },
    { type: "note", text: "Another." },
    deleted,
    { type: "build-failed" },
  ];
  const lines = events.map((event, index) =>
    JSON.stringify({ version: 1, seq: index + 1, time: 1, ...event }),
  );
  const { paths, files } = leaveSession(`${lines.join("\n")}\n`);
  mkdirSync(files.keptWork);
  writeFileSync(files.keptWorkRecord, "{}");
  const list = createSessionList(paths);
  expect(await list()).toMatchObject([
    { status: "failed", canRetry: true, deletions: ["Deleted an old session."] },
  ]);
  rmSync(files.keptWork, { recursive: true });
  expect(await list()).toMatchObject([{ canRetry: false }]);
});

test.each(["build", "run"])(
  "a %s that was cancelled by this or an earlier Tinsmith is told as such",
  async (kind) => {
    const error = { code: "interrupted", message: "interrupted" };
    const events = [{ type: `${kind}-started` }, { type: `${kind}-failed`, error }];
    const lines = events.map((event, index) =>
      JSON.stringify({ version: 1, seq: index + 1, time: 1, ...event }),
    );
    const { paths, files } = leaveSession(`${lines.join("\n")}\n`);
    const list = createSessionList(paths);
    expect(await list()).toMatchObject([{ status: "cancelled", error }]);
    // As earlier ones have remembered it.
    const remembered = JSON.parse(readFileSync(paths.sessionSummaries, "utf8"));
    const { keepsGuest: _, ...summary } = { ...remembered.sessions[0].summary, status: "failed" };
    const sessions = [{ ...remembered.sessions[0], summary }];
    writeFileSync(paths.sessionSummaries, JSON.stringify({ version: 1, sessions }));
    expect(await createSessionList(paths)()).toMatchObject([{ status: "cancelled", folder: files.folder }]);
  },
);

test("a build that has failed says so while its guest is kept, however much it logs", async () => {
  const paths = newHome();
  const session = await openTestSession(paths);
  session.record({ type: "build-started", title: "b", session: session.id, folder: "", output: "" });
  const list = createSessionList(paths);
  const keeps = async () => (await list()).map(({ keepsGuest }) => keepsGuest);
  expect(await keeps()).toEqual([false]);
  {
    using _mark = markKeptGuest(session.paths);
    for (let line = 0; line < 2_000; line += 1) session.record({ type: "guest-log", text: "x".repeat(100) });
    expect(await keeps()).toEqual([true]);
  }
  expect(await keeps()).toEqual([false]);
});

test("a session that was asked to end says since when, until it has", async () => {
  const paths = newHome();
  const session = await openTestSession(paths);
  session.record({ type: "build-started", title: "b", session: session.id, folder: "", output: "" });
  const list = createSessionList(paths);
  const asked = async () => (await list())[0]?.stopAsked;
  expect(await asked()).toBeUndefined();
  const before = Date.now() - 100;
  requestStop({ isForced: false });
  const first = await asked();
  expect(first).toBeGreaterThan(before);
  requestStop({ isForced: true });
  expect(await asked()).toBe(first);
  await session[Symbol.asyncDispose]();
  expect(await asked()).toBeUndefined();
});

test.each<[string, (path: string) => unknown]>([
  ["a folder", (path) => mkdirSync(path)],
  ["a named pipe", (path) => execFileSync("mkfifo", [path])],
  ["a link to a device without end", (path) => symlinkSync("/dev/zero", path)],
  ["four bytes", (path) => writeFileSync(path, "abcd")],
  [
    "3 GiB of holes",
    (path) => {
      writeFileSync(path, "");
      truncateSync(path, 3 * 1024 ** 3);
    },
  ],
])("a session whose log is %s is listed as one that can't be read, with the others", async (_, make) => {
  const { paths } = leaveSession(readFileSync(join(keptFiles, "session-log-0.jsonl"), "utf8"));
  const { folder, events } = sessionPaths(paths, "damaged");
  mkdirSync(folder);
  make(events);
  const list = await createSessionList(paths)();
  expect(list).toMatchObject([
    {
      id: "damaged",
      status: "unreadable",
      error: {
        message: expect.stringContaining(`its record can't be read: `),
        advice: `Delete the session in the window, or remove the folder ${folder}.`,
      },
    },
    { id: "20261125-165938-ece2", status: "succeeded" },
  ]);
  expect(() => z.array(sessionSummarySchema).parse(list)).not.toThrow();
  rmSync(events, { recursive: true });
  writeFileSync(events, succeeded);
  expect(await createSessionList(paths)()).toMatchObject([{ status: "succeeded" }, { status: "succeeded" }]);
});

test("events of any size at both ends of a log don't hide a session, nor how it ended", async () => {
  const long = "x".repeat(300_000);
  const { paths } = leaveSession(
    [
      { seq: 1, time: 1, type: "run-started", kind: "run", title: "Run", task: { env: { A: long } } },
      { seq: 2, time: 2, type: "run-failed", error: { code: "timed-out", message: long } },
      { seq: 3, time: 3, type: "qemu-ended", end: { reason: long } },
    ]
      .map((event) => `${JSON.stringify({ version: 1, ...event })}\n`)
      .join(""),
  );
  expect(await createSessionList(paths)()).toMatchObject([{ title: "Run", status: "failed", ended: 2 }]);
});

/** A run that has succeeded. */
const succeeded = [
  { type: "run-started", kind: "run", title: "Run" },
  { type: "run-finished", result: "success" },
]
  .map((event, index) => `${JSON.stringify({ version: 1, seq: index + 1, time: index + 1, ...event })}\n`)
  .join("");

test("an ended session is read once, also by later processes, until something in its folder changes", async () => {
  const { paths, files } = leaveSession(succeeded);
  const list = createSessionList(paths);
  const first = await list();
  expect(first).toMatchObject([{ title: "Run", status: "succeeded", bytes: succeeded.length }]);
  // Written in place, which does not change the folder.
  writeFileSync(files.events, succeeded.replace("success", "failed"));
  expect(await list()).toBe(first);
  expect(await createSessionList(paths)()).toEqual(first);
  writeFileSync(files.crashReport, "{}");
  expect(await list()).toMatchObject([{ status: "failed", bytes: succeeded.length - 1 + 2 }]);
  expect(await createSessionList(paths)()).toMatchObject([{ status: "failed" }]);
});

test("a list that can't be remembered, or has been damaged, is made again", async () => {
  const { paths } = leaveSession(succeeded);
  mkdirSync(paths.cache, { recursive: true });
  for (const damage of ["no JSON", '{"version":1,"sessions":[{"changed":1}]}', '{"version":99}']) {
    writeFileSync(paths.sessionSummaries, damage);
    expect(await createSessionList(paths)()).toMatchObject([{ status: "succeeded" }]);
  }
});

test("a session that a newer Tinsmith has left is looked at anew by each process", async () => {
  const { paths, files } = leaveSession('{"version":99,"seq":1,"type":"began"}\n');
  expect(await createSessionList(paths)()).toMatchObject([{ status: "newer" }]);
  writeFileSync(files.events, succeeded);
  expect(await createSessionList(paths)()).toMatchObject([{ status: "succeeded" }]);
});

test("a session that has been removed is listed no more, and forgotten", async () => {
  const { paths, files } = leaveSession(succeeded);
  const list = createSessionList(paths);
  expect(await list()).toHaveLength(1);
  rmSync(files.folder, { recursive: true });
  expect(await list()).toEqual([]);
  expect(readFileSync(paths.sessionSummaries, "utf8")).not.toContain("succeeded");
});

test("those who ask at the same time share one look", async () => {
  const { paths } = leaveSession(succeeded);
  const list = createSessionList(paths);
  const [one, other] = await Promise.all([list(), list()]);
  expect(one).toBe(other);
});

test("other work of the process runs while many sessions are read for the first time", async () => {
  const { paths, files } = leaveSession(succeeded);
  for (let number = 0; number < 300; number += 1)
    cpSync(files.folder, sessionPaths(paths, `20261125-${number}`).folder, { recursive: true });
  let turns = 0;
  const count = () => {
    turns += 1;
    counting = setImmediate(count);
  };
  let counting = setImmediate(count);
  expect(await createSessionList(paths)()).toHaveLength(301);
  clearImmediate(counting);
  expect(turns).toBeGreaterThan(1);
});

test("a session asks a person while a command of the host's waits for input, an install step has failed, or nobody has said what to do with a disk", async () => {
  const paths = newHome();
  const session = await openTestSession(paths);
  const list = createSessionList(paths);
  const asks = async () => (await list()).map((one) => one.asks);
  const waits = { type: "command-waits", command: "apt", prompt: "Go on? [Y/n]" } as const;
  session.record({ type: "build-started", title: "b", session: session.id, folder: "", output: "" });
  session.record({ ...waits, isCertain: false });
  expect(await asks()).toEqual([false]);
  session.record({ ...waits, isCertain: true });
  expect(await asks()).toEqual([true]);
  session.record({ type: "command-continues" });
  expect(await asks()).toEqual([false]);
  const error = { code: "timed-out", message: "no login:" } as const;
  session.record({ type: "install-step-failed", index: 0, error });
  expect(await asks()).toEqual([true]);
  session.record({ type: "install-step-changed", index: 0, to: { wait: "User:" } });
  expect(await asks()).toEqual([false]);
  session.record({ type: "guest-off", text: "off" });
  expect(await asks()).toEqual([true]);
});

test.each([
  '{"version":1,"seq":1,"type":"run-started","time":1,"title":{"a":1}}',
  '{"version":1,"seq":1,"type":"run-started","time":"yesterday"}',
  '{"version":"x","seq":1,"type":"run-started","time":1}',
  '{"version":1,"seq":1,"type":"run-started","time":1}\n{"seq":2,"type":"run-failed","time":1e300}',
  '{"version":1,"seq":1,"type":"run-started","time":-1}',
  "[1]",
])("a session whose log is damaged, %s, keeps no window from listing the others", async (line) => {
  const { paths } = leaveSession(succeeded);
  const damaged = sessionPaths(paths, "20261125-165937-dada");
  makePrivateFolder(damaged.folder);
  writeFileSync(damaged.events, `${line}\n`);
  const list = await createSessionList(paths)();
  const message = `its record can't be read: the file ${damaged.events} is damaged, and can't be read as a session log`;
  expect(list).toMatchObject([
    { id: "20261125-165938-ece2", status: "succeeded" },
    { id: "20261125-165937-dada", status: "unreadable", error: { message } },
  ]);
  expect(() => z.array(sessionSummarySchema).parse(list)).not.toThrow();
});
