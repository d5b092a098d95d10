import { spawnSync } from "node:child_process";
import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";
import { AppError } from "../shared/errors.ts";
import { missingTool } from "./process.ts";

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
  // flock(2) locks belong to the open file, which the child shares with this process and leaves locked when it exits.
  const child = spawnSync("flock", ["--exclusive", "--nonblock", "3"], {
    stdio: ["ignore", "ignore", "pipe", descriptor],
  });
  if (child.status === 0) {
    ftruncateSync(descriptor);
    writeSync(descriptor, holder);
    return { path, [Symbol.dispose]: () => closeSync(descriptor) };
  }
  closeSync(descriptor);
  if (child.status === heldElsewhere) return { heldBy: readFileSync(path, "utf8") || "somebody else" };
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
