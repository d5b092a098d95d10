import { lstatSync } from "node:fs";
import { dirname, join, posix, resolve } from "node:path";
import { requireWritableFolder } from "../../../core/files/folders.ts";
import { requireReplaceable, statusOf } from "../../../core/files/regular-file.ts";
import { AppError } from "../../../shared/errors/errors.ts";

/**
 * The absolute path for a copy of one of the guest's files.
 *
 * @param path the file in the guest.
 * @param file a file's name, or a folder's; without it, the copy is put into the current folder under the file's name.
 * @throws AppError `usage`, `file-exists`, or `missing-file` for its folder.
 */
export function findTarget(path: string, file: string | undefined, mayReplace: boolean): string {
  const wanted = resolve(file ?? ".");
  const isFolder = statusOf(wanted)?.isDirectory();
  const target = isFolder ? join(wanted, baseName(path)) : wanted;
  requireWritableFolder(dirname(target));
  // Also of a link, which is not followed.
  const status = lstatSync(target, { throwIfNoEntry: false });
  if (mayReplace && !status?.isDirectory()) requireReplaceable(target);
  if (!status || (mayReplace && !status.isDirectory())) return target;
  throw new AppError({
    code: "file-exists",
    message: `${target} already exists`,
    advice: mayReplace
      ? "It is a folder: choose another name."
      : "Choose another name, or replace it with --force.",
  });
}

function baseName(path: string): string {
  const name = posix.basename(path);
  if (name !== "" && name !== "." && name !== "..") return name;
  throw new AppError({
    code: "usage",
    message: `${JSON.stringify(path)} does not end with a file's name`,
    advice: "Name a file in the guest; tinsmith ls lists them.",
  });
}
