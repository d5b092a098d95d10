import { randomBytes } from "node:crypto";
import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "../shared/errors.ts";
import { type FileLock, tryLock, waitForLock } from "./file-lock.ts";
import { ignoreFullDisk } from "./files.ts";
import { makePrivateFolder, type Paths, type SessionPaths, sessionPaths } from "./paths.ts";
import { clearEndedSessions, removeWorkingFiles } from "./session-cleanup.ts";

/**
 * One build or run, from its start to its end, and what it leaves on disk.
 *
 * Its folder holds the events as JSON lines and the logs; they stay. Disposing it closes the event log and
 * removes its working files and sockets.
 */
export interface Session extends Disposable {
  readonly id: string;
  readonly paths: SessionPaths;
  /** What was cleared of sessions whose process was killed, one line each, for the person to know. */
  readonly cleared: readonly string[];
  /** Appends an event with the time, in milliseconds since the epoch. */
  record(event: object): void;
}

/** Opens a new session, after clearing what ended ones left behind. */
export function openSession(paths: Paths, title: string): Session {
  makePrivateFolder(paths.sessions);
  makePrivateFolder(paths.sockets);
  mkdirSync(paths.cache, { recursive: true });
  // Nobody may take this session for an ended one before it holds its lock.
  using _turn = waitForLock(join(paths.sessions, ".lock"));
  const cleared = clearEndedSessions(paths);

  const id = newSessionId();
  const files = sessionPaths(paths, id);
  makePrivateFolder(files.folder);
  makePrivateFolder(files.socketFolder);
  mkdirSync(files.working);
  const lock = lockSession(files, title);
  const events = openSync(files.events, "ax", 0o600);
  return {
    id,
    paths: files,
    cleared,
    record: (event) => {
      try {
        writeSync(events, `${JSON.stringify({ time: Date.now(), ...event })}\n`);
      } catch (error) {
        // A guest that waits for space, for example, must not end because that can't be logged.
        ignoreFullDisk(error);
      }
    },
    [Symbol.dispose]() {
      closeSync(events);
      removeWorkingFiles(files);
      lock[Symbol.dispose]();
    },
  };
}

/** Sorts by time: date, time of day, and four letters that tell apart what started in the same second. */
function newSessionId(): string {
  const [date, time] = new Date().toISOString().replaceAll(/[-:]/g, "").split(/[T.]/);
  return `${date}-${time}-${randomBytes(2).toString("hex")}`;
}

function lockSession(files: SessionPaths, title: string): FileLock {
  const lock = tryLock(files.lock, `${title} (process ${process.pid})`);
  if ("heldBy" in lock)
    throw new AppError({ code: "busy", message: `${files.folder} is held by ${lock.heldBy}` });
  return lock;
}
