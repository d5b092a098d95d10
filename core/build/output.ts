import { lstatSync, realpathSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { AppError } from "../../shared/errors.ts";
import { requireWritableFolder } from "../files/files.ts";
import { formatForName } from "../image/compression.ts";

/**
 * Where an archive is to be written: a link is followed, so that it stays and what it leads to is replaced.
 *
 * @throws AppError `usage` for a name that is not an archive's or a folder's, `missing-file` for a folder or a link's
 *   end that is not there, `no-permission` for a folder that this user may not write to.
 */
export function findOutput(path: string): string {
  const wanted = resolve(path);
  formatForName(wanted);
  const status = lstatSync(wanted, { throwIfNoEntry: false });
  if (status?.isDirectory())
    throw new AppError({
      code: "usage",
      message: `${wanted} is a folder`,
      advice: "Name the archive that is to be written, or remove the folder.",
    });
  const output = status?.isSymbolicLink() ? followLink(wanted) : wanted;
  requireWritableFolder(dirname(output));
  return output;
}

function followLink(link: string): string {
  try {
    return realpathSync(link);
  } catch (cause) {
    throw new AppError(
      {
        code: "missing-file",
        message: `${link} is a link that leads nowhere`,
        advice: "Remove it, or make the file that it leads to.",
      },
      { cause },
    );
  }
}
