import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Retention } from "../../shared/app/settings.ts";
import { makePrivateFolder } from "../files/private-folder.ts";
import { temporaryPath } from "../files/writing/temporary-names.ts";
import { sessionVariable } from "../process/own-processes.ts";
import { openSession } from "../session/serve/session.ts";
import { newHome, openTestSession } from "../session/serve/test-session.ts";
import { type Paths, sessionPaths } from "../storage/paths.ts";
import { changeSettings } from "../storage/settings-store.ts";
import { holdSession } from "./hold-session.ts";
import { markRound, roundName } from "./round-mark.ts";
import { clearEndedSessions } from "./session-cleanup.ts";

const MiB = 1024 ** 2;
/** Small enough for tests: 1 MiB of sessions, 2 MiB of the cache. */
const small: Retention = { sessions: 50, sessionsGib: 1 / 1024, cacheGib: 2 / 1024 };

function homeThatKeeps(retention: Partial<Retention>): Paths {
  const paths = newHome();
  makePrivateFolder(paths.sessions);
  changeSettings(paths, { retention: { ...small, ...retention } });
  return paths;
}

interface Left {
  /** The size of its task log. */
  readonly bytes?: number;
  /** Bytes that it has kept for a retry. */
  readonly work?: number;
  /** It has its working files still. */
  readonly killed?: boolean;
}

/** The files that an ended session leaves. */
function leaveBehind(paths: Paths, id: string, { bytes = 0, work, killed }: Left = {}): void {
  const files = sessionPaths(paths, id);
  mkdirSync(files.folder, { recursive: true });
  writeFileSync(files.events, "");
  writeFileSync(files.taskLog, Buffer.alloc(bytes));
  if (work !== undefined) {
    mkdirSync(files.keptWork);
    writeFileSync(files.keptWorkRecord, "{}");
    writeFileSync(join(files.keptWork, "image"), Buffer.alloc(work));
  }
  if (!killed) return;
  mkdirSync(files.working);
  mkdirSync(files.socketFolder, { recursive: true });
}

function sessionsIn(paths: Paths): readonly string[] {
  return readdirSync(paths.sessions).filter((name) => !name.startsWith("."));
}

test("opening a session clears what killed ones left, says so, and leaves running ones alone", async () => {
  const paths = newHome();
  using running = openSession(paths, "running");
  const killed = sessionPaths(paths, "20200101-000000-0000");
  leaveBehind(paths, "20200101-000000-0000", { killed: true });
  const archive = join(paths.cache, "worker.tar.lz4");
  writeFileSync(archive, "the old archive");
  const partial = temporaryPath(archive);
  writeFileSync(partial, "half of a new one");
  writeFileSync(killed.packing, archive);
  const orphan = spawn("sh", ["-c", "read _"], {
    env: { ...process.env, [sessionVariable]: killed.folder },
  });
  const orphanEnded = once(orphan, "exit");

  const next = await openTestSession(paths);
  expect(next.cleared).toEqual([
    {
      text: `Cleaned up after the killed session 20200101-000000-0000: process ${orphan.pid}, its working files, ${partial}.`,
    },
  ]);
  expect(await orphanEnded).toEqual([null, "SIGKILL"]);
  expect(existsSync(killed.working)).toBe(false);
  expect(existsSync(killed.packing)).toBe(false);
  expect(existsSync(killed.socketFolder)).toBe(false);
  expect(existsSync(partial)).toBe(false);
  expect(existsSync(killed.taskLog)).toBe(true);
  expect(readFileSync(archive, "utf8")).toBe("the old archive");
  expect(existsSync(running.paths.working)).toBe(true);
  expect(existsSync(running.paths.socketFolder)).toBe(true);

  expect((await openTestSession(paths)).cleared).toEqual([]);
});

test("the oldest of too many sessions are deleted, which is said", async () => {
  const paths = homeThatKeeps({ sessions: 1 });
  for (const id of ["20200101-1", "20200101-2", "20200101-3"]) leaveBehind(paths, id, { bytes: 4096 });
  expect(await clearEndedSessions(paths)).toEqual([
    {
      text: "Deleted 2 old sessions: 20200101-2, 20200101-1 (8.2 kB). The settings keep 1 session, of 0.0009765625 GiB in total.",
      about: "deleted-sessions",
    },
  ]);
  expect(sessionsIn(paths)).toEqual(["20200101-3"]);
  expect(readdirSync(join(paths.sessions, ".deleted"))).toEqual([]);
});

test("the sessions of a watch's earlier rounds are deleted without a word, and push out no others", async () => {
  const paths = homeThatKeeps({ sessions: 1 });
  leaveBehind(paths, "20200101-00");
  for (let round = 10; round <= 21; round += 1) {
    leaveBehind(paths, `20200101-${round}`);
    markRound(sessionPaths(paths, `20200101-${round}`), roundName("a-watch", round));
  }
  expect(await clearEndedSessions(paths)).toEqual([]);
  expect(sessionsIn(paths)).toHaveLength(11);
  expect(sessionsIn(paths)).toContain("20200101-00");
  expect(sessionsIn(paths)).not.toContain("20200101-11");
});

test("a session with a log larger than all that is kept is not deleted, nor are those before it", async () => {
  const paths = homeThatKeeps({});
  leaveBehind(paths, "20200101-1", { bytes: 1000 });
  leaveBehind(paths, "20200101-2", { bytes: 1000 });
  leaveBehind(paths, "20200101-3", { bytes: 1.5 * MiB });
  expect(await clearEndedSessions(paths)).toEqual([]);
  leaveBehind(paths, "20200101-4", { bytes: 1000 });
  expect(await clearEndedSessions(paths)).toEqual([]);
  expect(sessionsIn(paths)).toHaveLength(4);
});

test("what a retry can start from stays with its session, and counts to the cache, which is said", async () => {
  const paths = homeThatKeeps({ sessions: 1 });
  leaveBehind(paths, "20200101-1", { work: 1.5 * MiB });
  leaveBehind(paths, "20200101-2", { work: 1.5 * MiB });
  leaveBehind(paths, "20200101-3");
  expect(await clearEndedSessions(paths)).toEqual([
    expect.objectContaining({
      text: expect.stringMatching(/^Deleted the work of failed session 20200101-1 \(1\.6 MB\)/),
    }),
    expect.objectContaining({ text: expect.stringMatching(/^Deleted 1 old session: 20200101-1/) }),
  ]);
  expect(existsSync(sessionPaths(paths, "20200101-2").keptWorkRecord)).toBe(true);

  leaveBehind(paths, "20200101-4", { work: 1.5 * MiB });
  changeSettings(paths, { retention: { ...small, sessions: 50 } });
  expect(await clearEndedSessions(paths)).toEqual([
    {
      text: "Deleted the work of failed session 20200101-2 (1.6 MB) from the cache. The settings keep 0.001953125 GiB.",
      about: "deleted-sessions",
    },
  ]);
  expect(sessionsIn(paths)).toEqual(["20200101-2", "20200101-3", "20200101-4"]);
  expect(existsSync(sessionPaths(paths, "20200101-2").keptWork)).toBe(false);
});

test("a session that somebody reads stays until that has ended", async () => {
  const paths = homeThatKeeps({ sessions: 1 });
  leaveBehind(paths, "20200101-1", { work: 3 * MiB });
  leaveBehind(paths, "20200101-2", { work: 3 * MiB });
  leaveBehind(paths, "20200101-3");
  const reader = holdSession(sessionPaths(paths, "20200101-1"));
  const other = holdSession(sessionPaths(paths, "20200101-1"));
  expect(other).toBeDefined();
  expect(await clearEndedSessions(paths)).toEqual([]);
  expect(existsSync(sessionPaths(paths, "20200101-1").keptWorkRecord)).toBe(true);
  reader?.[Symbol.dispose]();
  expect(await clearEndedSessions(paths)).toEqual([]);
  other?.[Symbol.dispose]();
  // First its work, then the session.
  expect(await clearEndedSessions(paths)).toHaveLength(2);
  expect(sessionsIn(paths)).toEqual(["20200101-2", "20200101-3"]);
});

test("nothing is deleted while the settings can't be read, which is said where something would be", async () => {
  const paths = homeThatKeeps({});
  for (let number = 0; number < 51; number++) leaveBehind(paths, `20200101-${number}`);
  writeFileSync(paths.settings, "{");
  expect(await clearEndedSessions(paths)).toEqual([
    {
      text: expect.stringMatching(
        /^No old session is deleted, because the settings can't be read: .* damaged/,
      ),
    },
  ]);
  expect(sessionsIn(paths)).toHaveLength(51);
});

test("what a process that was killed had begun to delete is deleted by the next", async () => {
  const paths = homeThatKeeps({});
  mkdirSync(join(paths.sessions, ".deleted/20200101-1/bodies"), { recursive: true });
  expect(await clearEndedSessions(paths)).toEqual([]);
  expect(readdirSync(join(paths.sessions, ".deleted"))).toEqual([]);
});
test("the end of a log that a killed process left beside it is joined to it", async () => {
  const paths = homeThatKeeps({});
  leaveBehind(paths, "20200101-1", { bytes: 10 });
  const { taskLog, folder } = sessionPaths(paths, "20200101-1");
  writeFileSync(`${taskLog}.9`, "before the end");
  writeFileSync(`${taskLog}.10`, ", the end");
  expect(await clearEndedSessions(paths)).toEqual([]);
  expect(readFileSync(taskLog, "utf8")).toMatch(
    /\[Tinsmith left out 268 MB .*\]\r\nbefore the end, the end$/,
  );
  expect(readdirSync(folder).sort()).toEqual(["events.jsonl", "task.log"]);
});

test("hundreds of sessions are deleted at once, and said in one note", async () => {
  const paths = homeThatKeeps({ sessions: 50, sessionsGib: 1 });
  for (let number = 1000; number < 1500; number++) {
    leaveBehind(paths, `20200101-${number}`, { bytes: 5000 });
    mkdirSync(join(paths.sessions, `20200101-${number}`, "bodies"));
  }
  const [note] = await clearEndedSessions(paths);
  expect(note?.text).toContain("Deleted 450 old sessions");
  expect(sessionsIn(paths)).toHaveLength(50);
});
