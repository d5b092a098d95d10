import { statSync } from "node:fs";
import { AppError } from "../shared/errors.ts";

/**
 * Returns the path when a file or folder is there.
 *
 * @param advice what to do when it is not, or who wants it.
 * @throws AppError `missing-file`
 */
export function requireFile(path: string, advice: string): string {
  if (statSync(path, { throwIfNoEntry: false })) return path;
  throw new AppError({ code: "missing-file", message: `${path} does not exist`, advice });
}
