import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { AppError } from "../../../shared/errors/errors.ts";
import { lockFolderBriefly } from "../locks/brief-lock.ts";
import { whoHasOpen } from "../locks/file-holder.ts";
import { lockDescriptor } from "../locks/file-lock.ts";
import { isTemporaryName, temporaryPath } from "./temporary-names.ts";

/** A new file beside a target, to which the target's content is written before it gets the target's name. */
export interface TemporaryFile {
  readonly path: string;
  /** Open for reading and writing. It holds a lock: as long as it is open, nobody takes the file for a leftover. */
  readonly descriptor: number;
  /** The files of killed processes that were removed. */
  readonly cleared: readonly string[];
}

/**
 * Makes a file of its own beside a target, under a name that no other file has.
 *
 * @param mode as of open(2).
 * @throws AppError `busy` while another process writes the target; the system's error
 */
export function createTemporaryFile(target: string, mode = 0o644): TemporaryFile {
  using _lock = lockFolderBriefly(dirname(target));
  // Refuses a name that no file can have, before there is any work for it.
  lstatSync(target, { throwIfNoEntry: false });
  const { cleared, inUse } = clearLeftovers(target);
  if (inUse !== undefined) throw beingWritten(target, inUse);
  const path = temporaryPath(target);
  const { O_RDWR, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
  const descriptor = openSync(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, mode);
  lockDescriptor(path, descriptor);
  return { path, descriptor, cleared };
}

/** The remaining temporary files of a target. */
interface Leftovers {
  /** Those with content that were removed: their processes had been killed. */
  readonly cleared: readonly string[];
  /** One whose process still writes it. */
  readonly inUse: string | undefined;
}

/**
 * Removes the temporary files beside a target whose processes were killed. A file with any other name, or that a process
 * holds, is left alone.
 */
export function clearLeftovers(target: string): Leftovers {
  const cleared: string[] = [];
  let inUse: string | undefined;
  for (const name of namesBeside(target)) {
    const path = join(dirname(target), name);
    const found = clearUnlessLocked(path);
    if (found === "cleared") cleared.push(path);
    if (found === "in use") inUse = path;
  }
  return { cleared, inUse };
}

function namesBeside(target: string): readonly string[] {
  try {
    return readdirSync(dirname(target)).filter((name) => isTemporaryName(target, name));
  } catch {
    // In a folder that can't be listed, leftovers stay.
    return [];
  }
}

function clearUnlessLocked(path: string): "cleared" | "in use" | "nothing" {
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDWR | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    // Its process has just ended, or it is something else of that name.
    return "nothing";
  }
  try {
    if (!lockDescriptor(path, descriptor)) return "in use";
    const status = fstatSync(descriptor);
    if (!status.isFile()) return "nothing";
    rmSync(path, { force: true });
    return status.size > 0 ? "cleared" : "nothing";
  } finally {
    closeSync(descriptor);
  }
}

function beingWritten(target: string, path: string): AppError {
  return new AppError({
    code: "busy",
    message: `${whoHasOpen(path) ?? "another process"} is writing ${target}`,
    advice: "Wait until that is done, or choose another name.",
  });
}
