import { chmodSync, lstatSync } from "node:fs";
import { AppError } from "../../shared/errors/errors.ts";
import { makeFolder } from "./folders.ts";

const ownHome = "set TINSMITH_HOME to a folder of your own.";

/**
 * Makes a folder that only this user can enter, and refuses one that somebody else has put there.
 *
 * @throws AppError `busy` when the folder belongs to another user or is not a folder, `no-permission` when it can't
 *   be made.
 */
export function makePrivateFolder(folder: string): void {
  makeFolder(folder, { mode: 0o700, advice: `Change its permissions, or ${ownHome}` });
  if (!isOwnFolder(folder))
    throw new AppError({
      code: "busy",
      message: `${folder} is not a folder of this user`,
      advice: `Remove it, or ${ownHome}`,
    });
  chmodSync(folder, 0o700);
}

/** Whether a path is a folder of this user: below /tmp, another user may have put one there. */
export function isOwnFolder(path: string): boolean {
  const status = lstatSync(path, { throwIfNoEntry: false });
  return status?.isDirectory() === true && status.uid === (process.getuid?.() ?? status.uid);
}
