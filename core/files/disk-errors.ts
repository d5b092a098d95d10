import { dirname } from "node:path";
import type { ErrorData } from "../../shared/errors/error-data.ts";
import { AppError } from "../../shared/errors/errors.ts";
import { describeSystemError, fileExists, hasErrorCode } from "../../shared/errors/system-error.ts";

export function targetExists(target: string): AppError {
  return new AppError({ ...fileExists, message: `${target} already exists` });
}

/** Turns an error of writing a file into one that says what to do; leaves any other as it is. */
export function explainDiskError(target: string, error: unknown): unknown {
  const explained =
    explainNulInPath(target, error) ??
    describeSystemError(error, {
      "file-exists": { message: `${target} already exists` },
      "missing-file": {
        message: `${dirname(target)} does not exist`,
        advice: "Make it, or choose another one.",
      },
      "no-space": { message: `there is not enough space to write ${target}` },
      "no-permission": { message: `${target} can't be written by this user` },
      "path-too-long": { message: `${target} has a name that is too long` },
    });
  return explained ? new AppError(explained, { cause: error }) : error;
}

/** Explains Node's error for a path with a NUL character; undefined for any other error. */
export function explainNulInPath(path: string, error: unknown): ErrorData | undefined {
  if (!hasErrorCode(error, "ERR_INVALID_ARG_VALUE")) return undefined;
  return {
    code: "usage",
    message: `${JSON.stringify(path)} is not a path: it has a NUL character`,
    advice: "Check the path.",
  };
}
