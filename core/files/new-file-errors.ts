import { dirname } from "node:path";
import { AppError, type ErrorData } from "../../shared/errors.ts";

export function targetExists(target: string): AppError {
  return new AppError({
    code: "file-exists",
    message: `${target} is there already`,
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
  ENAMETOOLONG: (target) => ({
    code: "path-too-long",
    message: `${target} has too long a name`,
    advice: "Choose a shorter one.",
  }),
};

function missingFolder(target: string): ErrorData {
  return {
    code: "missing-file",
    message: `${dirname(target)} is no folder that exists`,
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
    message: `${target} may not be written by this user`,
    advice: "Choose a folder that you may write to.",
  };
}
