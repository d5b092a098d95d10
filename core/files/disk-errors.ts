import { dirname } from "node:path";
import type { ErrorData } from "../../shared/errors/error-data.ts";
import { AppError } from "../../shared/errors/errors.ts";

export function targetExists(target: string): AppError {
  return new AppError({
    code: "file-exists",
    message: `${target} already exists`,
    advice: "Remove it, or choose another name.",
  });
}

/** Turns an error of the system into one that says what to do; leaves any other as it is. */
export function explainDiskError(target: string, error: unknown): unknown {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const explain = explained[code];
  return explain ? new AppError(explain(target), { cause: error }) : error;
}

const explained: Readonly<Record<string, (target: string) => ErrorData>> = {
  EEXIST: (target) => targetExists(target).toJSON(),
  ENOENT: missingFolder,
  ENOTDIR: missingFolder,
  ENOSPC: fullDisk,
  EDQUOT: fullDisk,
  EACCES: noPermission,
  EPERM: noPermission,
  EROFS: noPermission,
  // Node's error for a path with a NUL character.
  ERR_INVALID_ARG_VALUE: (target) => ({
    code: "usage",
    message: `${JSON.stringify(target)} is not a path: it has a NUL character`,
    advice: "Choose another name.",
  }),
  ENAMETOOLONG: (target) => ({
    code: "path-too-long",
    message: `${target} has a name that is too long`,
    advice: "Choose a shorter one.",
  }),
};

function missingFolder(target: string): ErrorData {
  return {
    code: "missing-file",
    message: `${dirname(target)} does not exist`,
    advice: "Make it, or choose another one.",
  };
}

function fullDisk(target: string): ErrorData {
  return {
    code: "no-space",
    message: `the disk got full while ${target} was written`,
    advice: "Free some space there, or choose a folder on a larger disk.",
  };
}

function noPermission(target: string): ErrorData {
  return {
    code: "no-permission",
    message: `${target} can't be written by this user`,
    advice: "Choose a folder that you may write to.",
  };
}
