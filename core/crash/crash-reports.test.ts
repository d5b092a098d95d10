import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { CrashReport } from "../../shared/app/crash-report.ts";
import { createSessionList } from "../app/sessions/session-list.ts";
import { isLocked } from "../files/locks/file-lock.ts";
import { makePrivateFolder } from "../files/private-folder.ts";
import { newHome, openTestSession } from "../session/serve/test-session.ts";
import { takeTurn } from "../session-record/session-cleanup.ts";
import { type Paths, sessionPaths, sessionsLock } from "../storage/paths.ts";
import { dismissCrash, keepCrash, listCrashes, recallCrash } from "./crash-reports.ts";

const report: CrashReport = {
  time: 1,
  program: "tinsmith serve",
  outcome: "ended",
  versions: { tinsmith: "1.2.3", node: "24", system: "linux x64" },
  error: {
    message: "TypeError: x is not a function",
    stack: "TypeError: x is not a function\n    at y.ts:1",
  },
  running: [],
  lastLines: [],
  isDismissed: false,
};

function home(): Paths {
  const paths = newHome();
  makePrivateFolder(paths.sessions);
  return paths;
}

test("reports are listed, the newest first, until they are dismissed; then they stay", () => {
  const paths = home();
  const [first, second] = [keepCrash(paths, report), keepCrash(paths, { ...report, time: 2 })];
  expect(listCrashes(paths)).toEqual([second, first]);
  dismissCrash(paths, second.id);
  expect(listCrashes(paths)).toEqual([first]);
  expect(recallCrash(paths, second.id)?.report).toMatchObject({ time: 2, isDismissed: true });
});

test("reports are kept and dismissed while a session begins, whose lock stays", () => {
  const paths = home();
  using _turn = takeTurn(paths);
  const { id } = keepCrash(paths, report);
  dismissCrash(paths, id);
  expect(listCrashes(paths)).toEqual([]);
  expect(isLocked(sessionsLock(paths))).toBe(true);
});

test("a report beside the sessions is taken for no session", async () => {
  const paths = home();
  keepCrash(paths, report);
  expect(await createSessionList(paths)()).toEqual([]);
});

test("the report of a session's process is in its folder, and the list of sessions tells it", async () => {
  const paths = home();
  const session = await openTestSession(paths);
  const { id } = session;
  session.record({ type: "note", text: "it begins" });
  await session[Symbol.asyncDispose]();
  const { path } = keepCrash(paths, { ...report, session: { id, title: "Run of worker" } });
  expect(path).toBe(sessionPaths(paths, id).crashReport);
  expect(listCrashes(paths)).toMatchObject([{ id, path }]);
  expect(await createSessionList(paths)()).toMatchObject([
    {
      status: "killed",
      error: { message: "its process ended unexpectedly: TypeError: x is not a function" },
    },
  ]);
});

test("the oldest reports give way to the newest", () => {
  const paths = home();
  for (let time = 1; time <= 13; time++) keepCrash(paths, { ...report, time });
  expect(listCrashes(paths)).toHaveLength(10);
  expect(readdirSync(paths.sessions)).toHaveLength(10);
});

test("a report of a newer Tinsmith is passed over, and stays", () => {
  const paths = home();
  const { id, path } = keepCrash(paths, report);
  writeFileSync(path, readFileSync(path, "utf8").replace('"version": 1', '"version": 2'));
  expect(listCrashes(paths)).toEqual([]);
  expect(() => dismissCrash(paths, id)).toThrow("no longer exists");
  expect(existsSync(path)).toBe(true);
});

test("what is no report can't be named as one", () => {
  const paths = home();
  writeFileSync(paths.settings, JSON.stringify({ ...report, version: 1 }));
  expect(recallCrash(paths, "../settings")).toBeUndefined();
});
