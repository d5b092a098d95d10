import { isUtf8 } from "node:buffer";
import { closeSync, fstatSync, readFileSync } from "node:fs";
import type { ErrorCode } from "../../shared/errors/error-data.ts";
import { AppError } from "../../shared/errors/errors.ts";
import { explainReadError, openRegularFileSync } from "./regular-file.ts";

/** The maximal size of a file, in bytes, and the code of the error when the file breaks the rules. */
interface FileRules {
  readonly maximumBytes: number;
  readonly code: ErrorCode;
}

/**
 * Reads a small text file, and never more than is allowed: it may be hostile.
 *
 * @throws AppError of the given code when there is more, or no UTF-8 text; as `openRegularFile` when it can't be read.
 */
export function readTextFile(path: string, rules: FileRules): string {
  const text = readSmallFile(path, rules);
  if (!isUtf8(text)) throw refusal(path, rules, "is not UTF-8 text");
  return text.toString();
}

/** Reads a small file, and never more than is allowed. @throws as `readTextFile` */
export function readSmallFile(path: string, rules: FileRules): Buffer {
  const file = openRegularFileSync(path);
  try {
    const { maximumBytes } = rules;
    if (fstatSync(file).size > maximumBytes)
      throw refusal(path, rules, `has over ${maximumBytes / 1024 ** 2} MiB`);
    return readFileSync(file);
  } catch (error) {
    throw explainReadError(path, error);
  } finally {
    closeSync(file);
  }
}

function refusal(path: string, { code }: FileRules, reason: string): AppError {
  return new AppError({
    code,
    message: `${path} ${reason}`,
    advice: "Check the path: is it the file you meant?",
  });
}
