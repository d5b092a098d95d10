import { lstatSync, realpathSync, type Stats } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { AppError } from "../../shared/errors/errors.ts";
import { byteLength, maximumNameBytes } from "../../shared/text/path-limits.ts";
import { digestText } from "../files/digest.ts";
import { makeFolder, requireFolder, requireWritableFolder } from "../files/folders.ts";
import { type FileLock, isLocked, tryLock } from "../files/locks/file-lock.ts";
import { explainReadError, requireRegularFile } from "../files/regular-file.ts";
import { formatForName } from "../image/compression/compression.ts";
import { manifestPath } from "../manifest/manifest-file.ts";
import { locksFolder, type Paths } from "../storage/paths.ts";

/**
 * Finds the file that an archive is to be written to. A link is followed: it stays, and its target is replaced.
 *
 * @throws AppError `usage` for a name that is not an archive's, and when it leads to anything else than a file;
 *   `missing-file` for a folder or a link's end that is not there, `no-permission` for a folder that this user may
 *   not write to.
 */
export function findOutput(path: string): string {
  const wanted = resolve(path);
  formatForName(wanted);
  requireFolder(dirname(wanted), "Create the folder first.");
  const status = statusOfName(wanted);
  const output = status?.isSymbolicLink() ? followLink(wanted) : wanted;
  if (status) requireRegularFile(output, { advice: "Choose another name." });
  requireNameForManifest(output);
  requireWritableFolder(dirname(output));
  return output;
}

/** Refuses a name that is too long for the manifest beside the archive. */
function requireNameForManifest(output: string): void {
  const most = maximumNameBytes - byteLength(manifestPath(""));
  if (byteLength(basename(output)) <= most) return;
  throw new AppError({
    code: "path-too-long",
    message: `${output} has a name of more than ${most} bytes, which leaves no room for that of its manifest`,
    advice: "Choose a shorter name.",
  });
}

/** The status of a link itself, not of its target; undefined when nothing has that name. */
function statusOfName(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw explainReadError(path, error);
  }
}

function followLink(link: string): string {
  try {
    return realpathSync(link);
  } catch (cause) {
    throw new AppError(
      {
        code: "missing-file",
        message: `${link} is a broken symbolic link`,
        advice: "Remove it, or create the file that it points to.",
      },
      { cause },
    );
  }
}

/** An archive is being built by another session. */
export class BeingBuilt extends AppError {}

/** Whether somebody builds an archive of that name right now. */
export function isBeingBuilt(output: string, paths: Paths): boolean {
  return isLocked(lockOf(output, paths));
}

function lockOf(output: string, paths: Paths): string {
  return join(locksFolder(paths.cache), digestText(output));
}

/**
 * Locks the name of an archive while it is built, so that two builds never race for it.
 *
 * @throws BeingBuilt with the code `busy`
 */
export function lockOutput(output: string, title: string, paths: Paths): FileLock {
  makeFolder(locksFolder(paths.cache));
  const lock = tryLock(lockOf(output, paths), `${title} (process ${process.pid})`);
  if (!("heldBy" in lock)) return lock;
  throw new BeingBuilt({
    code: "busy",
    message: `${output} is already being built: ${lock.heldBy}`,
    advice: "Wait for that build, or cancel it.",
  });
}

/** A note about an image that was built under rules. */
export function notReplaced(output: string): string {
  return `Tinsmith did not replace ${output}, because the session had rules. The image is in the session's folder.`;
}

/** A note about the work of an earlier build, which is not needed any more. */
export function replaced(session: string): string {
  return `Deleted the work that session ${session} kept for a retry: this build replaces it.`;
}
