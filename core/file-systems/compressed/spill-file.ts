import { randomUUID } from "node:crypto";
import { type FileHandle, open, rm } from "node:fs/promises";
import { join } from "node:path";
import { explainDiskError } from "../../files/disk-errors.ts";
import { withoutZeroBlocks } from "../../image/disk/zeros.ts";
import type { ByteSource } from "../byte-source.ts";

/** Bytes in a file of their own, which is gone once they are disposed of, or when the process ends. */
export type SpilledBytes = ByteSource & AsyncDisposable;

/**
 * Writes pieces to a file without a name in a folder. Zeros take no space there.
 *
 * @throws the error of the pieces; AppError for a full disk
 */
export async function spill(pieces: AsyncIterable<Uint8Array>, folder: string): Promise<SpilledBytes> {
  const path = join(folder, `decompressed-${randomUUID()}`);
  const file = await onDisk(path, () => open(path, "wx+", 0o600));
  try {
    // Nobody else needs its name.
    await rm(path);
    let size = 0;
    for await (const bytes of pieces) {
      for (const part of withoutZeroBlocks({ position: size, bytes }))
        await onDisk(path, () => writeAll(file, part.bytes, part.position));
      size += bytes.length;
    }
    await onDisk(path, () => file.truncate(size));
    return {
      size,
      read: (offset, length) => read(file, offset, Math.min(length, size - offset)),
      [Symbol.asyncDispose]: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; )
    done += (await file.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
}

async function read(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(Math.max(0, length));
  let done = 0;
  while (done < bytes.length) {
    const { bytesRead } = await file.read(bytes, done, bytes.length - done, offset + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return bytes.subarray(0, done);
}

async function onDisk<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explainDiskError(path, error);
  }
}
