import type { FileHandle } from "node:fs/promises";
import { AppError } from "../../../shared/errors/errors.ts";
import { explainReadError, openRegularFile } from "../../files/regular-file.ts";

/** Bytes that are copied at once. */
const copiedBytes = 1024 * 1024;

/** An opened ISO: a file, or the CD in a drive. */
export interface IsoFile extends AsyncDisposable {
  readonly path: string;
  /** Bytes of the file; undefined for a drive. */
  readonly size: number | undefined;
  /** Reads bytes; fewer if the file ends before. @param offset bytes from the beginning */
  readonly read: (offset: number, length: number) => Promise<Buffer>;
  /** Reads bytes all of which must be there. @throws AppError `usage` if the file ends before: it is truncated */
  readonly readAll: (offset: number, length: number) => Promise<Buffer>;
  /** Copies bytes to a file, piece by piece. @throws AppError as `readAll` */
  readonly copy: (offset: number, length: number, to: FileHandle) => Promise<void>;
}

/** Opens a file that should be an ISO. @throws AppError as `openRegularFile` */
export async function openIsoFile(path: string): Promise<IsoFile> {
  const file = await openRegularFile(path, {
    kinds: ["file", "block device"],
    advice: "Give the path of an ISO.",
  });
  const status = await file.stat();
  const size = status.isFile() ? status.size : undefined;
  const read = async (offset: number, length: number) => {
    const buffer = Buffer.alloc(length);
    let done = 0;
    while (done < length) {
      const { bytesRead } = await file.read(buffer, done, length - done, offset + done).catch((error) => {
        throw explainReadError(path, error);
      });
      if (bytesRead === 0) break;
      done += bytesRead;
    }
    return buffer.subarray(0, done);
  };
  const readAll = async (offset: number, length: number) => {
    // Before memory is taken for a length that only a damaged ISO names.
    if (size !== undefined && offset + length > size) throw truncated(path);
    const bytes = await read(offset, length);
    if (bytes.length < length) throw truncated(path);
    return bytes;
  };
  const copy = async (offset: number, length: number, to: FileHandle) => {
    for (let done = 0; done < length; done += copiedBytes)
      await to.writeFile(await readAll(offset + done, Math.min(copiedBytes, length - done)));
  };
  return { path, size, read, readAll, copy, [Symbol.asyncDispose]: () => file.close() };
}

function truncated(path: string): AppError {
  return new AppError({
    code: "usage",
    message: `${path} is truncated: it ends before a file that its folders name`,
    advice: "Download or copy the ISO again.",
  });
}
