import { closeSync, constants, fstatSync, openSync, rmSync } from "node:fs";
import { AppError } from "../../../shared/errors/errors.ts";
import { hasErrorCode } from "../../../shared/errors/system-error.ts";
import { openKeptFile, statusOf } from "../regular-file.ts";
import { whoHasOpen } from "./file-holder.ts";
import { lockDescriptor } from "./file-lock.ts";

/** A holder keeps the lock for a few system calls only. Milliseconds. */
const patience = 5_000;
const pause = 5;

/**
 * Locks a folder for a few system calls, with no other work between them: any other caller waits, and its process
 * with it. The kernel releases it when the holder dies.
 *
 * A file system may have no locks for folders, and a folder may not be readable: then there is none, and the caller
 * continues without.
 *
 * @throws AppError `busy` when another process keeps the lock; the system's error when there is no such folder
 */
export function lockFolderBriefly(folder: string): Disposable {
  const descriptor = openFolder(folder);
  if (descriptor === undefined) return { [Symbol.dispose]: () => {} };
  waitForLock("the folder", folder, descriptor, tryToLock);
  return { [Symbol.dispose]: () => closeSync(descriptor) };
}

/**
 * Locks a file, which is made when it is missing, as `lockFolderBriefly` does a folder.
 *
 * @param isRemoved whether the file is removed when the lock is released. All callers that lock a file of that name
 *   must pass the same value.
 * @throws AppError `busy` when another process keeps the lock, `command-failed` when the file system has no locks;
 *   the system's error
 */
export function lockFileBriefly(path: string, { isRemoved }: { readonly isRemoved: boolean }): Disposable {
  for (;;) {
    const descriptor = openKeptFile(path);
    waitForLock("the file", path, descriptor, lockDescriptor);
    const release = () => {
      if (isRemoved) rmSync(path, { force: true });
      closeSync(descriptor);
    };
    // The previous holder may have removed it, and another process made a new one.
    if (fstatSync(descriptor).ino === statusOf(path)?.ino) return { [Symbol.dispose]: release };
    closeSync(descriptor);
  }
}

/** Tries until the lock is there. When it does not come, the descriptor is closed. */
function waitForLock(kind: string, path: string, descriptor: number, tryIt: typeof lockDescriptor): void {
  try {
    const end = Date.now() + patience;
    while (!tryIt(path, descriptor)) {
      if (Date.now() > end) throw keptByAnother(path, `${kind} ${path}`);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pause);
    }
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

function openFolder(folder: string): number | undefined {
  try {
    return openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  } catch (error) {
    if (hasErrorCode(error, "EACCES")) return undefined;
    throw error;
  }
}

/** Also true where the file system has no such locks. */
function tryToLock(folder: string, descriptor: number): boolean {
  try {
    return lockDescriptor(folder, descriptor);
  } catch (error) {
    if (error instanceof AppError && error.code === "command-failed") return true;
    throw error;
  }
}

function keptByAnother(path: string, what: string): AppError {
  return new AppError({
    code: "busy",
    message: `${whoHasOpen(path) ?? "another process"} has locked ${what}`,
    advice: "End that process, then try again.",
  });
}
