import type { ByteSource } from "../../file-systems/byte-source.ts";
import { explainReadError, openRegularFile } from "../../files/regular-file.ts";
import type { DiskReader } from "../../image/disk/disk-data.ts";

/** A source that has files open until it is disposed of. */
export type OpenSource = ByteSource & AsyncDisposable;

/** Opens a file of this host as a source of bytes. @throws AppError as `openRegularFile` */
export async function openHostFile(path: string): Promise<OpenSource> {
  const file = await openRegularFile(path);
  const { size } = await file.stat();
  return {
    ...readerSource({ read: (...where) => file.read(...where) }, size, path),
    [Symbol.asyncDispose]: () => file.close(),
  };
}

/** The bytes that a reader gives, which may be fewer than it was asked for. @param path for errors */
export function readerSource(reader: DiskReader, size: number, path: string): ByteSource {
  const read = async (offset: number, length: number) => {
    const target = Buffer.allocUnsafe(Math.max(0, Math.min(length, size - offset)));
    for (let done = 0; done < target.length; ) {
      const { bytesRead } = await reader.read(target, done, target.length - done, offset + done);
      if (bytesRead === 0) return target.subarray(0, done);
      done += bytesRead;
    }
    return target;
  };
  return {
    size,
    read: (offset, length) =>
      read(offset, length).catch((error) => Promise.reject(explainReadError(path, error))),
  };
}
