import {
  closeSync,
  constants,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { AppError } from "../../../shared/errors/errors.ts";
import { hasErrorCode } from "../../../shared/errors/system-error.ts";
import { makeFolder } from "../folders.ts";
import { lockFileBriefly } from "../locks/brief-lock.ts";
import { requireReplaceable, statusOf } from "../regular-file.ts";
import { clearLeftovers } from "./temporary-file.ts";
import { temporaryPath, writersLock } from "./temporary-names.ts";

/**
 * Replaces a small file as a whole, and makes its folder when that is missing: at any moment, also after a crash of
 * the host, there is the old content or the new one. If several processes change the file at once, each changes the
 * content that the previous one wrote.
 *
 * @param change makes the new content, while no other process can write the file; if it throws, the file is
 *   unchanged.
 * @param mode of a new file, before the user's mask.
 * @throws AppError `usage` when it is anything else than a file, `busy` when another process keeps it locked,
 *   `no-permission` when its folder takes no new file; the system's error
 */
export function replaceFile(path: string, change: () => string, mode = 0o666): void {
  makeFolder(dirname(path));
  // A link stays, and its target is replaced.
  const status = statusOf(path);
  const target = status ? realpathSync(path) : path;
  requireReplaceable(target);
  using _lock = lockWriters(target);
  const content = change();
  clearLeftovers(target);
  const temporary = temporaryPath(target);
  try {
    writeSynced(temporary, content, status ? status.mode & 0o777 : mode);
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  syncFolder(dirname(target));
}

/** Locks a file's folder for its writers. The lock's own name means nothing to a person. */
function lockWriters(target: string): Disposable {
  const folder = dirname(target);
  try {
    return lockFileBriefly(writersLock(folder), { isRemoved: true });
  } catch (cause) {
    if (!hasErrorCode(cause, "ENOENT", "EACCES", "EPERM", "EROFS")) throw cause;
    const message = `${target} can't be written: no file can be created in ${folder}`;
    const advice = "Choose another folder, or change its permissions.";
    throw new AppError({ code: "no-permission", message, advice }, { cause });
  }
}

function writeSynced(path: string, content: string, mode: number): void {
  const file = openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, mode);
  try {
    writeFileSync(file, content);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Waits until the names in a folder are on the disk, where its file system can tell. */
export function syncFolder(folder: string): void {
  try {
    const descriptor = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY);
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    // The file has its name already: failing to sync the folder is not a reason to fail.
  }
}
