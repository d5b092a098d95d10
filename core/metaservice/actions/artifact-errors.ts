import { dirname } from "node:path";
import { AppError } from "../../../shared/errors/errors.ts";
import { howToFetchUnknown, isUnknownName } from "../../../shared/guest/unknown-name.ts";
import { escapeName } from "../../../shared/text/escape-name.ts";
import { formatBytes } from "../../../shared/text/format.ts";

export function fileMissing(path: string): AppError {
  if (isUnknownName(path))
    return new AppError({
      code: "guest-file-missing",
      message: `the guest has no file ${escapeName(path)}: its real name is not UTF-8, and \ufffd stands for bytes that are not known here`,
      advice: howToFetchUnknown(path),
    });
  return new AppError({
    code: "guest-file-missing",
    message: `the guest has no file ${escapeName(path)}, or its guest tools may not read it`,
    advice: "List its folder to see which files there are: tinsmith ls FOLDER.",
  });
}

/** @param needed bytes that were to come, when the guest told that; `reserve` bytes stay free */
export function noSpace(target: string, needed: number | undefined, reserve: number): AppError {
  const size = needed === undefined ? "the guest's file" : `the guest's file of ${formatBytes(needed)}`;
  return new AppError({
    code: "no-space",
    message: `${size} does not fit in ${dirname(target)}, where ${formatBytes(reserve)} have to stay free`,
    advice: "Free some space there, or choose a folder on a larger disk.",
  });
}
