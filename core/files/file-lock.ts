import { type StdioOptions, spawnSync } from "node:child_process";
import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";
import { AppError } from "../../shared/errors.ts";
import { missingTool } from "../process.ts";
import { whoHasOpen } from "./file-holder.ts";
import { ignoreFullDisk } from "./files.ts";

/** A lock that the kernel gives back when its holder closes it or dies, so that none is ever stale. */
export interface FileLock extends Disposable {
  readonly path: string;
}

/** Exit status of util-linux's flock when somebody else holds the lock. */
const heldElsewhere = 1;

/**
 * Locks a file, which is made when it is missing and stays when the lock is given back.
 *
 * @param holder what a second comer is told about who holds it, in one line.
 * @returns the lock, or what its holder said of itself when somebody else has it.
 */
export function tryLock(path: string, holder: string): FileLock | { readonly heldBy: string } {
  const descriptor = openSync(path, "a+", 0o600);
  if (!lockDescriptor(path, descriptor)) {
    closeSync(descriptor);
    return { heldBy: readFileSync(path, "utf8") || (whoHasOpen(path) ?? "somebody else") };
  }
  ftruncateSync(descriptor);
  try {
    writeSync(descriptor, holder);
  } catch (error) {
    // Held all the same; a second comer is told no more than the process.
    ignoreFullDisk(error);
  }
  return {
    path,
    [Symbol.dispose]: () => {
      // Or the next holder would pass for this one until it has said its own.
      ftruncateSync(descriptor);
      closeSync(descriptor);
    },
  };
}

/** Locks a file as `tryLock` does, and waits, with all of this process, while somebody else has it. */
export function waitForLock(path: string): FileLock {
  const descriptor = openSync(path, "a+", 0o600);
  lockDescriptor(path, descriptor, []);
  return { path, [Symbol.dispose]: () => closeSync(descriptor) };
}

/**
 * Locks an open file for as long as it is open.
 *
 * @param path its name, for the error.
 * @returns false when somebody else holds the lock.
 */
export function lockDescriptor(path: string, descriptor: number, options = ["--nonblock"]): boolean {
  // flock(2) locks belong to the open file, which the child shares with this process and leaves locked when it exits.
  const stdio: StdioOptions = ["ignore", "ignore", "pipe", descriptor];
  const child = spawnSync("flock", ["--exclusive", ...options, "3"], { stdio });
  if (child.status === 0) return true;
  if (child.status === heldElsewhere) return false;
  if (child.error && "code" in child.error && child.error.code === "ENOENT") throw missingTool("flock");
  throw new AppError({ code: "command-failed", message: `${path} can't be locked: ${child.stderr}` });
}

/** Whether somebody holds the lock on a file right now. */
export function isLocked(path: string): boolean {
  const lock = tryLock(path, "");
  if ("heldBy" in lock) return true;
  lock[Symbol.dispose]();
  return false;
}
