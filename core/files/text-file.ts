import { isUtf8 } from "node:buffer";
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { AppError, type ErrorCode } from "../../shared/errors.ts";

/** What a file may have at most, in bytes, and the code of the error when it is not what it should be. */
interface TextFileRules {
  readonly maximumBytes: number;
  readonly code: ErrorCode;
}

/**
 * Reads a small text file, and never more than is allowed: it may be hostile, or a device without end.
 *
 * @throws AppError of the given code when there is more, or no UTF-8 text; the system's error when it can't be read.
 */
export function readTextFile(path: string, { maximumBytes, code }: TextFileRules): string {
  const refusal = (reason: string) =>
    new AppError({ code, message: `${path} ${reason}`, advice: "Check the path: is it the file you meant?" });
  const file = openSync(path, "r");
  try {
    if (fstatSync(file).isDirectory()) throw refusal("is a folder, not a file");
    const memory = Buffer.alloc(maximumBytes + 1);
    let size = 0;
    for (let read = -1; read !== 0; size += read)
      read = readSync(file, memory, size, memory.length - size, null);
    if (size > maximumBytes) throw refusal(`has over ${maximumBytes / 1024 ** 2} MiB`);
    const text = memory.subarray(0, size);
    if (!isUtf8(text)) throw refusal("is not UTF-8 text");
    return text.toString();
  } finally {
    closeSync(file);
  }
}
