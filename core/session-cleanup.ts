import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { isLocked } from "./file-lock.ts";
import { type Paths, type SessionPaths, sessionPaths } from "./paths.ts";

/** What is kept of ended sessions: the newest ones, as long as they are few enough and not too large together. */
export interface Retention {
  readonly sessions: number;
  readonly bytes: number;
}

const defaultRetention: Retention = { sessions: 50, bytes: 1024 ** 3 };

/** Removes working files of sessions whose process is gone, and the oldest sessions past what is kept. */
export function clearEndedSessions(paths: Paths, retention = defaultRetention): void {
  let sessions = 0;
  let bytes = 0;
  for (const id of sessionIds(paths)) {
    const files = sessionPaths(paths, id);
    if (isLocked(files.lock)) continue;
    removeWorkingFiles(files);
    sessions += 1;
    bytes += folderSize(files.folder);
    if (sessions > retention.sessions || bytes > retention.bytes) rmSync(files.folder, { recursive: true });
  }
}

/** Removes what a session needs only while it runs. */
export function removeWorkingFiles(files: SessionPaths): void {
  rmSync(files.working, { recursive: true, force: true });
  rmSync(files.socketFolder, { recursive: true, force: true });
}

/** Newest first. */
function sessionIds(paths: Paths): readonly string[] {
  const entries = readdirSync(paths.sessions, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return folders.sort().reverse();
}

function folderSize(folder: string): number {
  return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}
