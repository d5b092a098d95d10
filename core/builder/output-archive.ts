import { lstatSync, realpathSync, type Stats } from "node:fs";
import { dirname, resolve } from "node:path";
import { AppError } from "../../shared/errors/errors.ts";
import { requireFolder, requireWritableFolder } from "../files/folders.ts";
import { explainReadError, requireRegularFile } from "../files/regular-file.ts";
import { formatForName } from "../image/compression/compression.ts";

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
  requireWritableFolder(dirname(output));
  return output;
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
