import {
  closeSync,
  constants as fileFlags,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { constants as system } from "node:os";
import { getSystemErrorMap } from "node:util";
import { AppError } from "../../../shared/errors/errors.ts";
import { hasErrorCode } from "../../../shared/errors/system-error.ts";
import { cFunction, lastErrorNumber } from "../c-function.ts";
import { ignoreFullDisk } from "../folders.ts";
import { openKeptFile, statusOf } from "../regular-file.ts";
import { whoHasOpen } from "./file-holder.ts";

/** A lock that the kernel releases when its holder closes it or dies, so that none is ever stale. */
export interface FileLock extends Disposable {
  readonly path: string;
}

/** flock(2), which Node does not have. A lock belongs to the open file: it ends when the last descriptor of it is closed. */
const flock: (descriptor: number, operation: number) => number = cFunction(
  "int flock(int descriptor, int operation)",
);

/** Operations of flock(2), from <sys/file.h>: the same on Linux and macOS. */
const operations = { shared: 1, exclusive: 2, noWait: 4 } as const;

/**
 * Locks a file, which is made when it is missing and stays when the lock is released.
 *
 * @param holder describes the holder to others that want the lock, in one line.
 * @returns the lock, or the holder's description when another process has it.
 */
export function tryLock(path: string, holder: string): FileLock | { readonly heldBy: string } {
  const descriptor = openKeptFile(path);
  if (!lockDescriptor(path, descriptor)) {
    const heldBy = readFileSync(descriptor, "utf8");
    closeSync(descriptor);
    return { heldBy: heldBy || (whoHasOpen(path) ?? "another process") };
  }
  return holdLock(path, descriptor, holder);
}

/** Locks a file of this process's own, which others only look at: see `isLocked`. So it waits for microseconds. */
export function lockOwnFile(path: string, holder: string): FileLock {
  const descriptor = openKeptFile(path);
  callFlock(path, descriptor, operations.exclusive);
  return holdLock(path, descriptor, holder);
}

/** Replaces a lock's description of its holder, for the holder. A full disk loses it. */
export function describeHolder(path: string, holder: string): void {
  try {
    writeFileSync(path, holder);
  } catch (error) {
    ignoreFullDisk(error);
  }
}

function holdLock(path: string, descriptor: number, holder: string): FileLock {
  ftruncateSync(descriptor);
  try {
    writeSync(descriptor, holder);
  } catch (error) {
    // The lock is held all the same; others only learn the process.
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

/**
 * Locks an open file or folder for as long as it is open.
 *
 * @param path its name, for the error.
 * @returns false when somebody else holds the lock.
 */
export function lockDescriptor(path: string, descriptor: number): boolean {
  return callFlock(path, descriptor, operations.exclusive | operations.noWait);
}

/**
 * Locks an existing folder, or file, without waiting: `shared` with others, or `exclusive`.
 *
 * @returns undefined when somebody holds a lock that excludes this one, or there is no such folder.
 */
export function lockFolder(folder: string, kind: "shared" | "exclusive"): FileLock | undefined {
  const descriptor = openIfExists(folder);
  if (descriptor === undefined) return undefined;
  const close = () => closeSync(descriptor);
  const isLocked = callFlock(folder, descriptor, operations[kind] | operations.noWait);
  // The previous holder may have moved it away, to delete it.
  if (isLocked && statusOf(folder)?.ino === fstatSync(descriptor).ino)
    return { path: folder, [Symbol.dispose]: close };
  close();
  return undefined;
}

/**
 * Whether somebody holds the lock on a file right now; false for a file that does not exist. It takes about 10
 * microseconds.
 */
export function isLocked(path: string): boolean {
  const descriptor = openIfExists(path);
  if (descriptor === undefined) return false;
  try {
    // Shared, so that two that look at the same time don't take each other for a holder.
    return !callFlock(path, descriptor, operations.shared | operations.noWait);
  } finally {
    closeSync(descriptor);
  }
}

function openIfExists(path: string): number | undefined {
  try {
    // Without waiting for a writer, should it be a FIFO.
    return openSync(path, fileFlags.O_RDONLY | fileFlags.O_NONBLOCK);
  } catch (error) {
    if (hasErrorCode(error, "ENOENT", "ENOTDIR", "ENAMETOOLONG")) return undefined;
    throw error;
  }
}

/** @returns false when somebody else holds the lock, and the operation does not wait. */
function callFlock(path: string, descriptor: number, operation: number): boolean {
  while (flock(descriptor, operation) !== 0) {
    const number = lastErrorNumber();
    if (number === system.errno.EAGAIN) return false;
    if (number === system.errno.EINTR) continue;
    const [, reason = "unknown error"] = getSystemErrorMap().get(-number) ?? [];
    throw new AppError({
      code: "command-failed",
      message: `${path} can't be locked: ${reason}`,
      advice: "Use a folder on a file system that supports locks.",
    });
  }
  return true;
}
