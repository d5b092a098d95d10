import { type FileHandle, open } from "node:fs/promises";
import { onTestFinished } from "vitest";
import type { ByteSource } from "./byte-source.ts";

/** The bytes of a file, which is closed when the test ends. */
export async function sourceOfFile(path: string): Promise<ByteSource> {
  const file: FileHandle = await open(path);
  onTestFinished(() => file.close());
  const { size } = await file.stat();
  return { size, read: async (offset, length) => await readUpTo(file, offset, length) };
}

/** Bytes of a buffer. */
export function sourceOfBytes(bytes: Buffer): ByteSource {
  return {
    size: bytes.length,
    read: async (offset, length) => bytes.subarray(offset, offset + length),
  };
}

async function readUpTo(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const target = Buffer.alloc(length);
  let done = 0;
  for (;;) {
    const { bytesRead } = await file.read(target, done, length - done, offset + done);
    done += bytesRead;
    if (bytesRead === 0 || done === length) return target.subarray(0, done);
  }
}
