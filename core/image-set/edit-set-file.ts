import { basename, dirname } from "node:path";
import { AppError } from "../../shared/errors/errors.ts";
import { describeSystemError } from "../../shared/errors/system-error.ts";
import { type FileContent, maximumSetFileBytes } from "../../shared/library/set-file.ts";
import { digestText } from "../files/digest.ts";
import { explainDiskError } from "../files/disk-errors.ts";
import { makeFolder } from "../files/folders.ts";
import { statusOf } from "../files/regular-file.ts";
import { readTextFile } from "../files/text-file.ts";
import { PartialFile } from "../files/writing/partial-file.ts";
import { scenarioFolder } from "./set-files.ts";

/**
 * Reads a text file of an image set; null when there is none.
 *
 * @throws AppError `usage` when it is not a small text file, `no-permission` when it may not be read.
 */
export function readSetFile(path: string): FileContent | null {
  try {
    const text = readTextFile(path, { maximumBytes: maximumSetFileBytes, code: "usage" });
    return { text, digest: digestText(text) };
  } catch (error) {
    if (error instanceof AppError && error.code === "missing-file") return null;
    throw explain(path, error);
  }
}

export interface SetFileChange {
  readonly text: string;
  /** Digest of its content when it was read; null when there was no such file. */
  readonly replaces: string | null;
}

/**
 * Writes a text file of an image set: whole, or not at all. Its permissions stay as they were.
 *
 * @throws AppError `file-changed` when its content is not the one to be replaced, `busy` while another process writes
 *   it, `usage` when the text is too long, `no-permission`, or `no-space` when the disk is full.
 */
export async function saveSetFile(path: string, { text, replaces }: SetFileChange): Promise<string> {
  const bytes = Buffer.from(text);
  if (bytes.length > maximumSetFileBytes) throw tooLong(path, bytes.length);
  try {
    // The first scenario of an image set makes their folder.
    if (replaces === null && basename(dirname(path)) === scenarioFolder) makeFolder(dirname(path));
    await using partial = await PartialFile.create(path);
    await partial.write(bytes, 0);
    const before = statusOf(path);
    if (before) await partial.setMode(before.mode & 0o777);
    await partial.sync();
    // As late as can be: an editor that knows nothing of the lock on the partial file may write at any time.
    if ((readSetFile(path)?.digest ?? null) !== replaces) throw changedOnDisk(path);
    await partial.commit();
    return digestText(text);
  } catch (error) {
    throw explain(path, error);
  }
}

function changedOnDisk(path: string): AppError {
  return new AppError({
    code: "file-changed",
    message: `${path} has changed on disk since it was read`,
    advice: "Compare the two, then keep your text or load the one on disk.",
  });
}

function tooLong(path: string, size: number): AppError {
  return new AppError({
    code: "usage",
    message: `${path} would have ${size} bytes, and Tinsmith reads at most ${maximumSetFileBytes / 1024 ** 2} MiB`,
    advice: "Move the large part into a file of its own, and name that file in the recipe.",
  });
}

/** Turns an error of the system into one that says what to do; leaves any other as it is. */
function explain(path: string, error: unknown): unknown {
  const explained = describeSystemError(error, {
    "no-permission": {
      message: `this user may not read or write ${path}`,
      advice: "Change who may read and write the file and its folder.",
    },
    "no-space": { message: `there is not enough space to write ${path}; the file is as it was` },
    "missing-file": {
      message: `the folder of ${path} is gone`,
      advice: "Restore the folder, or copy the text and save it elsewhere.",
    },
  });
  return explained ? new AppError(explained, { cause: error }) : explainDiskError(path, error);
}
