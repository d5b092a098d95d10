import { existsSync, readFileSync } from "node:fs";
import { isLocked } from "../files/file-lock.ts";
import type { SessionPaths } from "../paths.ts";

/** How a session was found to run. */
interface Running {
  /** What its lock's holder said of itself; it takes that back with the lock. */
  readonly holder: string;
  /** Tells the holder's process apart from a later one with its number. */
  readonly process: string;
}

/**
 * Returns a function that tells whether a session has a process still.
 *
 * Only a process of its own can ask for a lock, which takes so long that a window would stumble over it each second
 * (measured: up to 150 ms on a busy host). So that is done once, and then the holder's process is looked at.
 */
export function createRunningCheck(): (files: SessionPaths) => boolean {
  const known = new Map<string, Running>();
  return (files) => {
    const { lock, socketFolder } = files;
    const running = existsSync(socketFolder)
      ? (stillRunning(lock, known.get(lock)) ?? findHolder(lock))
      : undefined;
    if (running && running !== "unknown holder") known.set(lock, running);
    else known.delete(lock);
    return running !== undefined;
  };
}

function stillRunning(lock: string, known: Running | undefined): Running | undefined {
  const isSame = known && readText(lock) === known.holder && describeProcess(known.holder) === known.process;
  return isSame ? known : undefined;
}

/** Who holds the lock; undefined when nobody does. */
function findHolder(lock: string): Running | "unknown holder" | undefined {
  if (!isLocked(lock)) return undefined;
  const holder = readText(lock);
  const process = describeProcess(holder);
  return process ? { holder, process } : "unknown holder";
}

/** When the process that a holder names was started; undefined where that can't be seen. */
function describeProcess(holder: string): string | undefined {
  const [, id] = /\(process (\d+)\)$/.exec(holder) ?? [];
  // After the program's name, which may hold anything, in parentheses: proc_pid_stat(5).
  const fields = id === undefined ? undefined : readText(`/proc/${id}/stat`).replace(/^.*\)/s, "").split(" ");
  return fields?.[20] && `${id} ${fields[20]}`;
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
