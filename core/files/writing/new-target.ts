import { lstatSync } from "node:fs";
import { dirname } from "node:path";
import { AppError } from "../../../shared/errors/errors.ts";
import { explainDiskError, targetExists } from "../disk-errors.ts";
import { existingFolder, requireWritableFolder } from "../folders.ts";
import { statusOf } from "../regular-file.ts";

/**
 * Makes sure, before anything begins, that a new file can be written.
 *
 * @throws AppError `file-exists`, also for a link that leads nowhere; `usage` for a folder, `missing-file`, `no-permission`
 *   or `usage` for the folder that is to have it
 */
export function requireNewFile(path: string): void {
  if (path.endsWith("/") || statusOf(path)?.isDirectory())
    throw new AppError({
      code: "usage",
      message: `${path} is a folder`,
      advice: "Add the name of the new file.",
    });
  requireWritableFolder(dirname(path));
  requireNoTarget(path);
}

/**
 * Makes sure, before anything begins, that a new folder can be created, and those above it.
 *
 * @throws AppError `file-exists`; `no-permission` or `usage` for the folder that is to have it
 */
export function requireNewFolder(path: string): void {
  requireWritableFolder(existingFolder(dirname(path)));
  requireNoTarget(path, "Choose a folder that does not exist yet.");
}

function requireNoTarget(path: string, advice?: string): void {
  let status: unknown;
  try {
    status = lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw explainDiskError(path, error);
  }
  if (!status) return;
  const { code, message, advice: usual } = targetExists(path);
  throw new AppError({ code, message, advice: advice ?? usual });
}
