import { existsSync, readdirSync, rmSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Retention } from "../../shared/app/settings.ts";
import { toAppError } from "../../shared/errors/errors.ts";
import type { Note } from "../../shared/session/note.ts";
import { formatBytes, formatCount } from "../../shared/text/format.ts";
import { makeRoom } from "../cache/cache-budget.ts";
import { folderBytes } from "../files/disk-usage.ts";
import { ignoreFullDisk, makeFolder } from "../files/folders.ts";
import { lockFileBriefly } from "../files/locks/brief-lock.ts";
import { isLocked, lockFolder } from "../files/locks/file-lock.ts";
import { joinSegments } from "../files/logs/log-tail.ts";
import { readTextFile } from "../files/text-file.ts";
import { clearLeftovers } from "../files/writing/temporary-file.ts";
import { endProcessesOf } from "../process/own-processes.ts";
import {
  deletedSessions,
  type Paths,
  type SessionPaths,
  sessionPaths,
  sessionsLock,
} from "../storage/paths.ts";
import { currentSettings } from "../storage/settings-store.ts";
import { createTimeSlice } from "../time/time-slice.ts";
import { type EndedSession, findSurplus } from "./retention.ts";
import { roundOf } from "./round-mark.ts";
import { logQuotas } from "./session-log-quota.ts";

/**
 * Waits until no other process is beginning a session or looking for ended ones.
 *
 * @throws AppError `busy` when one does not get done
 */
export function takeTurn(paths: Paths): Disposable {
  return lockFileBriefly(sessionsLock(paths), { isRemoved: false });
}

/**
 * Removes the leftovers of killed sessions, and the ended sessions and entries of the cache beyond the limits of the
 * settings, except those that a process holds: see `holdSession`. Other work of this process runs meanwhile.
 *
 * @returns notes for the person about what was removed.
 */
export async function clearEndedSessions(paths: Paths): Promise<readonly Note[]> {
  const cleared: Note[] = [];
  await makeRoom(paths, { onNote: (text, about) => cleared.push({ text, about }) });
  const ended: EndedSession[] = [];
  const slice = createTimeSlice();
  for (const id of endedSessionIds(paths)) {
    await slice();
    const files = sessionPaths(paths, id);
    try {
      const found = clearKilledSession(files);
      if (found.length > 0) cleared.push({ text: describeKilled(id, found) });
      ended.push(await describeEnded(id, files, slice));
    } catch (error) {
      cleared.push({ text: `Session ${id} could not be cleared: ${toAppError(error).message}.` });
    }
  }
  const { retention, problem } = currentSettings(paths);
  if (problem) {
    // With the defaults, sessions could go that the person's own limits keep.
    const text = `No old session is deleted, because the settings can't be read: ${problem.message}.`;
    return ended.filter(isOwn).length > retention.sessions ? [...cleared, { text }] : cleared;
  }
  try {
    return [...cleared, ...(await deleteSurplus(paths, ended, retention))];
  } catch (error) {
    return [...cleared, { text: `Old sessions could not be deleted: ${toAppError(error).message}.` }];
  }
}

async function deleteSurplus(
  paths: Paths,
  ended: readonly EndedSession[],
  retention: Retention,
): Promise<readonly Note[]> {
  const surplus = findSurplus(ended, retention);
  const trash = deletedSessions(paths);
  // Also while there is nothing to delete: a full disk, which needs it most, has no room for a folder.
  makeFolder(trash, { mode: 0o700 });
  const gone: EndedSession[] = [];
  for (const session of surplus)
    if (await moveToTrash(sessionPaths(paths, session.id), trash)) gone.push(session);
  await emptyTrash(trash);
  // A running watch deletes the sessions of its earlier rounds all the time.
  return describeSessions(gone.filter(isOwn), retention);
}

/** Whether it is a session of its own, and not a part of a watch. */
function isOwn({ round }: EndedSession): boolean {
  return round === undefined;
}

/** @returns false when it has to stay: somebody reads the session or is about to retry it, or the system refuses. */
async function moveToTrash({ folder }: SessionPaths, trash: string): Promise<boolean> {
  try {
    using alone = lockFolder(folder, "exclusive");
    if (alone) await rename(folder, join(trash, basename(folder)));
    return alone !== undefined;
  } catch {
    return false;
  }
}

/** Deletes the content of the folder, also that of an earlier process that was killed meanwhile. */
async function emptyTrash(trash: string): Promise<void> {
  if (!existsSync(trash)) return;
  const names = readdirSync(trash);
  const removeNext = async () => {
    for (let name = names.pop(); name !== undefined; name = names.pop())
      // The next session tries again to delete the rest.
      await rm(join(trash, name), { recursive: true, force: true }).catch(() => {});
  };
  await Promise.all(Array.from({ length: parallelDeletions }, removeNext));
}

/**
 * The number of Node's threads for files. With more, their results come in bursts, which block all other work of a
 * process.
 */
const parallelDeletions = 4;

async function describeEnded(
  id: string,
  files: SessionPaths,
  slice: () => Promise<void> | undefined,
): Promise<EndedSession> {
  await joinLogs(files);
  const offersRetry = existsSync(files.keptWorkRecord);
  const all = await folderBytes(files.folder, slice);
  const keptWorkBytes = offersRetry ? await folderBytes(files.keptWork, slice) : 0;
  return { id, bytes: all - keptWorkBytes, keptWorkBytes, round: roundOf(files) };
}

/** Joins the logs of a session whose process had no time to do so. */
async function joinLogs(files: SessionPaths): Promise<void> {
  if (!readdirSync(files.folder).some((name) => /\.log\.\d+$/.test(name))) return;
  // On a full disk they stay as they are, and the next session tries again.
  await joinSegments(files.taskLog, logQuotas.task.segment).catch(ignoreFullDisk);
  await joinSegments(files.serialLog, logQuotas.serial.segment).catch(ignoreFullDisk);
  await joinSegments(files.qemuLog, logQuotas.qemu.segment).catch(ignoreFullDisk);
}

function describeKilled(id: string, found: readonly string[]): string {
  return `Cleaned up after the killed session ${id}: ${found.join(", ")}.`;
}

function describeSessions(gone: readonly EndedSession[], limits: Retention): readonly Note[] {
  if (gone.length === 0) return [];
  const what = formatCount(gone.length, "old session");
  const kept = formatCount(limits.sessions, "session");
  const limit = `The settings keep ${kept}, of ${limits.sessionsGib} GiB in total`;
  return [{ text: `Deleted ${what}: ${list(gone)}. ${limit}.`, about: "deleted-sessions" }];
}

/** How many of them are named: a person may want to know which, and nobody reads hundreds. */
const listed = 5;

function list(sessions: readonly EndedSession[]): string {
  const ids = sessions.slice(0, listed).map(({ id }) => id);
  const more = sessions.length > listed ? ` and ${sessions.length - listed} older ones` : "";
  const bytes = sessions.reduce((sum, session) => sum + session.bytes + session.keptWorkBytes, 0);
  return `${ids.join(", ")}${more} (${formatBytes(bytes)})`;
}

/** Removes the processes and files that a killed session has left. Returns a description of each. */
function clearKilledSession(files: SessionPaths): readonly string[] {
  const left = [files.working, files.packing, files.socketFolder];
  if (!left.some((path) => existsSync(path))) return [];
  const found = endProcessesOf(files.folder).map((id) => `process ${id}`);
  if (existsSync(files.working)) found.push("its working files");
  if (existsSync(files.packing)) {
    const archive = readTextFile(files.packing, { maximumBytes: 64 * 1024, code: "usage" });
    found.push(...clearLeftovers(archive).cleared);
  }
  removeWorkingFiles(files);
  return found;
}

/** Removes the files that a session needs only while it runs. */
export function removeWorkingFiles(files: SessionPaths): void {
  rmSync(files.working, { recursive: true, force: true });
  rmSync(files.packing, { force: true });
  rmSync(files.socketFolder, { recursive: true, force: true });
}

/** Removes all of a session. */
export function removeSession(files: SessionPaths): void {
  removeWorkingFiles(files);
  rmSync(files.folder, { recursive: true, force: true });
}

/** Newest first. They stay ended: a session never starts again. */
function endedSessionIds(paths: Paths): readonly string[] {
  using _turn = takeTurn(paths);
  const entries = readdirSync(paths.sessions, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
    .map(({ name }) => name)
    .filter((id) => !isLocked(sessionPaths(paths, id).lock))
    .sort()
    .reverse();
}
