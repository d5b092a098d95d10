import { accessSync, closeSync, constants, existsSync, mkdirSync, readSync } from "node:fs";
import { dirname } from "node:path";
import { AppError, toAppError } from "../../shared/errors/errors.ts";
import { hasErrorCode } from "../../shared/errors/system-error.ts";
import { pathIssue } from "../../shared/text/path-limits.ts";
import { stripControls } from "../../shared/text/strip-controls.ts";
import { explainDiskError } from "./disk-errors.ts";
import { openRegularFileSync, requireRegularFile, statusOf } from "./regular-file.ts";

/**
 * Refuses a path that does not lead to a folder.
 *
 * @param advice what to do when there is none.
 * @throws AppError `missing-file`, `usage` for anything else than a folder, `no-permission`, `path-too-long`
 */
export function requireFolder(path: string, advice: string): string {
  return requireRegularFile(path, { kinds: ["folder"], advice });
}

const tailBytes = 16 * 1024;

/** The last lines of a text file that have something printable in them; none when there is no such file. */
export function lastLines(path: string, count: number): readonly string[] {
  const size = statusOf(path)?.size ?? 0;
  if (size === 0) return [];
  const tail = Buffer.alloc(Math.min(size, tailBytes));
  const file = openRegularFileSync(path);
  readSync(file, tail, 0, tail.length, size - tail.length);
  closeSync(file);
  const lines = tail.toString().split("\n").map(stripControls);
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
  requireFolder(folder, "Create the folder first.");
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (cause) {
    const message = `this user may not write to the folder ${folder}`;
    throw new AppError({ code: "no-permission", message, advice }, { cause });
  }
}

interface NewFolder {
  /** The advice when this user can't create the folder there. */
  readonly advice?: string;
  readonly mode?: number;
}

/**
 * Makes a folder, and those above it, unless it is there. Node's own way to make several never ends in a file system that
 * takes no folders, such as /proc.
 *
 * @returns the outermost folder that it made, undefined when all were there.
 * @throws AppError `missing-file`, `usage`, `no-permission`, `path-too-long`; the system's error for anything else
 */
export function makeFolder(folder: string, options: NewFolder = {}): string | undefined {
  const issue = pathIssue(folder);
  // Found out before the folders above it are made.
  if (issue !== undefined)
    throw new AppError({
      code: "path-too-long",
      message: `the path of the folder ...${folder.slice(-60)} ${issue}`,
      advice: options.advice ?? "Choose another place.",
    });
  return makeMissing(folder, options);
}

function makeMissing(folder: string, options: NewFolder): string | undefined {
  const { advice, mode } = options;
  if (existsSync(folder)) return undefined;
  const outer = makeMissing(dirname(folder), options);
  requireWritableFolder(dirname(folder), advice);
  try {
    mkdirSync(folder, mode);
  } catch (cause) {
    if (hasErrorCode(cause, "EEXIST") && statusOf(folder)?.isDirectory()) return outer;
    throw cannotMake(folder, cause, advice);
  }
  return outer ?? folder;
}

function cannotMake(folder: string, cause: unknown, advice = "Choose another place."): unknown {
  // Another process has removed the folder above it, or its file system takes no folders.
  if (hasErrorCode(cause, "ENOENT"))
    return new AppError(
      { code: "no-permission", message: `no folder can be created in ${dirname(folder)}`, advice },
      { cause },
    );
  if (hasErrorCode(cause, "EEXIST"))
    return new AppError(
      {
        code: "usage",
        message: `${folder} exists, but is not a folder`,
        advice: "Remove it, or choose another place.",
      },
      { cause },
    );
  return explainDiskError(folder, cause);
}

/** Passes over the error of a write that found no space on the disk; throws any other. */
export function ignoreFullDisk(error: unknown): void {
  if (toAppError(error).code !== "no-space") throw error;
}
