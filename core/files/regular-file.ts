import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  type Stats,
  statfsSync,
  statSync,
} from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { getSystemErrorMessage } from "node:util";
import type { ErrorData } from "../../shared/errors/error-data.ts";
import { AppError } from "../../shared/errors/errors.ts";
import {
  describeSystemError,
  explainSystemError,
  hasErrorCode,
  type RefusalWords,
} from "../../shared/errors/system-error.ts";
import { explainNulInPath } from "./disk-errors.ts";

/** The kinds of things that a path can lead to. */
export type FileKind =
  | "file"
  | "folder"
  | "named pipe"
  | "socket"
  | "block device"
  | "character device"
  | "virtual file of the system";

interface Expectation {
  /** The accepted kinds: by default, a regular file. */
  readonly kinds?: readonly FileKind[];
  /** The advice when the file is missing, or of another kind. */
  readonly advice?: string;
}

/**
 * Opens a file that a person, an image set or a folder names, for reading. It never waits, as a plain open does for the
 * other end of a named pipe, and it opens nothing but a regular file.
 *
 * @throws AppError `usage` for anything else, `missing-file`, `no-permission`, `path-too-long`
 */
export async function openRegularFile(path: string, expected: Expectation = {}): Promise<FileHandle> {
  requireRegularFile(path, expected);
  const file = await open(path, openFlags).catch((error) => Promise.reject(explainReadError(path, error)));
  try {
    requireKind(path, await file.stat(), expected, opened(file.fd));
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Opens a file as `openRegularFile` does. @returns its descriptor */
export function openRegularFileSync(path: string, expected: Expectation = {}): number {
  requireRegularFile(path, expected);
  try {
    return closedUnlessRegular(path, openSync(path, openFlags), expected);
  } catch (error) {
    throw explainReadError(path, error);
  }
}

/**
 * Opens a file that Tinsmith keeps, for reading and appending; for this user's eyes only when it is made.
 *
 * @returns its descriptor. @throws AppError `usage` when somebody has put anything else there; the system's error
 */
export function openKeptFile(path: string): number {
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_APPEND | constants.O_NONBLOCK;
  return closedUnlessRegular(path, openSync(path, flags, 0o600), {});
}

function closedUnlessRegular(path: string, file: number, expected: Expectation): number {
  try {
    requireKind(path, fstatSync(file), expected, opened(file));
    return file;
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

/** A file may be replaced between the check of its name and its opening: the opened file is checked again. */
const openFlags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;

/**
 * Refuses a path that leads to anything else than a regular file, or than what is expected instead, without opening it:
 * for a path that is handed to a program.
 *
 * @returns the path. @throws AppError as `openRegularFile` does
 */
export function requireRegularFile(path: string, expected: Expectation = {}): string {
  try {
    requireKind(path, statSync(path), expected);
    return path;
  } catch (error) {
    throw explainReadError(path, error, expected.advice);
  }
}

/**
 * Refuses to let a new file take the place of anything else than a file or a link: of a device it would end all use.
 *
 * @throws AppError `usage`; the system's error when nobody may look
 */
export function requireReplaceable(path: string): void {
  const status = lstatSync(path, { throwIfNoEntry: false });
  if (status && !status.isSymbolicLink()) requireKind(path, status, { advice: "Choose another name." });
}

/** The status of a path, links followed; undefined when it can't be read, for any reason. */
export function statusOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** A path to an open file, which stays valid when the file is renamed or removed. */
function opened(descriptor: number): string {
  return `/proc/self/fd/${descriptor}`;
}

/** @param location where the system finds the file: another path than the one that is named when it is open */
function requireKind(
  path: string,
  status: Stats,
  { kinds = ["file"], advice }: Expectation,
  location = path,
): void {
  const kind = kindOf(location, status);
  if (kinds.includes(kind)) return;
  throw new AppError({
    code: "usage",
    message: `${path} is a ${kind}, not a ${kinds[0]}`,
    advice: advice ?? `Give the path of a ${kinds.join(", or of a ")}.`,
  });
}

/** The kind of a path whose status is known. */
function kindOf(path: string, status: Stats): FileKind {
  if (status.isFile()) return status.blocks === 0 && isVirtual(path) ? "virtual file of the system" : "file";
  if (status.isDirectory()) return "folder";
  if (status.isFIFO()) return "named pipe";
  if (status.isSocket()) return "socket";
  if (status.isBlockDevice()) return "block device";
  return "character device";
}

/** Magic numbers of file systems that make a file's content up while it is read, as in linux/magic.h. */
const virtualFileSystems: readonly number[] = [
  0x9fa0, // proc
  0x62656572, // sysfs
  0x64626720, // debugfs
  0x74726163, // tracefs
];

/** Whether a file has no size that is known, and perhaps no end. One that has gone meanwhile is not virtual. */
function isVirtual(path: string): boolean {
  try {
    return virtualFileSystems.includes(statfsSync(path).type);
  } catch (error) {
    if (hasErrorCode(error, "ENOENT")) return false;
    throw error;
  }
}

/**
 * Turns an error of opening or reading a file into one that says what to do; an `AppError` stays as it is.
 *
 * @param advice for a file that does not exist
 */
export function explainReadError(path: string, error: unknown, advice?: string): AppError {
  if (error instanceof AppError) return error;
  const explained =
    explainNulInPath(path, error) ??
    describeSystemError(error, {
      "missing-file": missing(path, advice),
      "no-permission": {
        message: `this user may not read ${path}`,
        advice: "Change its permissions, or those of its folder.",
      },
      "path-too-long": { message: `the path ...${path.slice(-60)} is too long` },
      // Of the refusals with this code, only that of a loop comes from opening a file to read it.
      usage: { message: `${path} is a symbolic link that leads back to itself` },
    }) ??
    unreadable(path, error);
  return new AppError(explained, { cause: error });
}

/** Node puts it in the place of bytes that are not UTF-8, in arguments and in names of files. */
export const replacement = "\ufffd";

function missing(path: string, advice: string | undefined): RefusalWords {
  return path.includes(replacement)
    ? {
        message: `${path} does not exist, or its name is not UTF-8`,
        advice: "Check the path; rename a file whose name is not UTF-8.",
      }
    : { message: `${path} does not exist`, advice };
}

const elsewhere = {
  code: "usage",
  advice: "Copy it to a regular file on a disk, and give the path of that.",
} as const;

function unreadable(path: string, error: unknown): ErrorData {
  const errno = error instanceof Error && "errno" in error ? Number(error.errno) : undefined;
  const reason = errno === undefined ? String(error) : getSystemErrorMessage(errno);
  const message = `${path} can't be read: ${reason}`;
  const { code, advice } = explainSystemError(error) ?? elsewhere;
  return { code, message, advice };
}
