import { existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { isLocked } from "../files/file-lock.ts";
import { endProcessesNaming } from "../own-processes.ts";
import { type Paths, partialPath, type SessionPaths, sessionPaths } from "../paths.ts";

/** What is kept of ended sessions: the newest ones, as long as they are few enough and not too large together. */
export interface Retention {
  readonly sessions: number;
  readonly bytes: number;
}

const defaultRetention: Retention = { sessions: 50, bytes: 1024 ** 3 };

/**
 * Removes what killed sessions left behind, and the oldest sessions past what is kept.
 *
 * @returns a line for each killed session: what was removed.
 */
export function clearEndedSessions(paths: Paths, retention = defaultRetention): readonly string[] {
  const cleared: string[] = [];
  let sessions = 0;
  let bytes = 0;
  for (const id of sessionIds(paths)) {
    const files = sessionPaths(paths, id);
    if (isLocked(files.lock)) continue;
    const found = clearKilledSession(files);
    if (found.length > 0) cleared.push(`Cleared what the killed session ${id} left: ${found.join(", ")}.`);
    sessions += 1;
    bytes += folderSize(files.folder);
    if (sessions > retention.sessions || bytes > retention.bytes) rmSync(files.folder, { recursive: true });
  }
  return cleared;
}

/** Says what of a session's was there still; of one that ended in order, nothing is. */
function clearKilledSession(files: SessionPaths): readonly string[] {
  const found = endProcessesNaming(`${files.socketFolder}/`).map((id) => `process ${id}`);
  if (existsSync(files.working)) found.push("its working files");
  if (existsSync(files.packing)) {
    const partial = partialPath(readFileSync(files.packing, "utf8"));
    // Somebody else may be packing to that name by now.
    if (existsSync(partial) && !isLocked(partial)) {
      rmSync(partial);
      found.push(partial);
    }
  }
  removeWorkingFiles(files);
  return found;
}

/** Removes what a session needs only while it runs. */
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

/** Newest first. */
function sessionIds(paths: Paths): readonly string[] {
  const entries = readdirSync(paths.sessions, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return folders.sort().reverse();
}

/** Bytes that a folder takes on the disk. */
export function folderSize(folder: string): number {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return names.reduce((sum, name) => sum + diskUsage(join(folder, name)), 0);
}

/** Of a disk image with holes only what is not a hole. */
function diskUsage(path: string): number {
  const { size = 0, blocks = 0 } = statSync(path, { throwIfNoEntry: false }) ?? {};
  return Math.min(size, blocks * blockBytes);
}

/** What the system counts blocks in, whatever the file system. */
const blockBytes = 512;
