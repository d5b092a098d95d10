import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readSync,
  statSync,
} from "node:fs";
import { dirname } from "node:path";
import { AppError, toAppError } from "../../shared/errors.ts";
import { printable } from "../../shared/format.ts";

/**
 * Returns the path when a file or folder is there.
 *
 * @param advice what to do when it is not, or who wants it.
 * @throws AppError `missing-file`
 */
export function requireFile(path: string, advice: string): string {
  if (statSync(path, { throwIfNoEntry: false })) return path;
  throw new AppError({ code: "missing-file", message: `${path} does not exist`, advice });
}

const tailBytes = 16 * 1024;

/** The last lines of a text file that have something printable in them; none when there is no such file. */
export function lastLines(path: string, count: number): readonly string[] {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size === 0) return [];
  const tail = Buffer.alloc(Math.min(size, tailBytes));
  const file = openSync(path, "r");
  readSync(file, tail, 0, tail.length, size - tail.length);
  closeSync(file);
  const lines = tail.toString().split("\n").map(printable);
  return lines.filter((line) => line.trim()).slice(-count);
}

/** The folder itself, or the nearest one above it that exists. */
export function existingFolder(folder: string): string {
  return existsSync(folder) ? folder : existingFolder(dirname(folder));
}

/**
 * Refuses a folder that is not there, or that this user can't make files in.
 *
 * @throws AppError `missing-file`, `no-permission`
 */
export function requireWritableFolder(
  folder: string,
  advice = "Choose another folder, or change its permissions.",
): void {
  requireFile(folder, "Make the folder first.");
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (cause) {
    const message = `this user may not write to the folder ${folder}`;
    throw new AppError({ code: "no-permission", message, advice }, { cause });
  }
}

interface NewFolder {
  /** What to do when this user can't make it there. */
  readonly advice?: string;
  readonly mode?: number;
}

/**
 * Makes a folder, and those above it, unless it is there.
 *
 * @throws AppError `no-permission`; Node says of a folder in a read-only file system only that it does not exist.
 */
export function makeFolder(folder: string, { advice, mode }: NewFolder = {}): void {
  if (existsSync(folder)) return;
  requireWritableFolder(existingFolder(folder), advice);
  mkdirSync(folder, { recursive: true, mode });
}

/** Passes over the error of a write that found no space on the disk; throws any other. */
export function ignoreFullDisk(error: unknown): void {
  if (toAppError(error).code !== "no-space") throw error;
}
