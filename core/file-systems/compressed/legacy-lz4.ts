import { uncompressSync } from "lz4-napi";
import { freeMemory } from "../../files/free-memory.ts";
import { legacyLz4Magic } from "../../image/compression/frame-magic.ts";
import { findRest } from "../archive-rest.ts";
import type { ByteSource } from "../byte-source.ts";
import { damaged } from "../damaged.ts";
import type { Following } from "./following.ts";

/** Bytes of the content of a block, but for the last. */
const blockSize = 8 * 1024 ** 2;
/** Of a block that is larger than its content. */
const largestBlock = blockSize + blockSize / 255 + 16;
/** Bytes of the magic number, and of the size of a block. */
const numberBytes = 4;

/**
 * Decompresses the LZ4 format before frames, in which Linux distributions pack initrds, and more of it after zeros. It has no mark of
 * its end: after a block with less content than the others, bytes that are not a block are other data, which the caller finds in
 * `following`.
 */
export async function* decompressLegacyLz4(
  source: ByteSource,
  following: Following,
): AsyncGenerator<Uint8Array> {
  let mayEnd = false;
  for (let at: number | undefined = numberBytes; at !== undefined && at < source.size; ) {
    const number = await readNumber(source, at);
    if (number === legacyLz4Magic) {
      mayEnd = false;
      at += numberBytes;
      continue;
    }
    const block = number === 0 ? undefined : await readBlock(source, at + numberBytes, number);
    if (typeof block === "object") {
      yield block;
      mayEnd = block.length < blockSize;
      freeMemory(block);
      at += numberBytes + (number ?? 0);
      continue;
    }
    if (number !== 0 && !mayEnd) throw damaged(`the LZ4 data is ${block ?? "incomplete"}`);
    // Zeros fill an initrd up to the end of a block of the disk.
    at = await findRest(source, at, following.notes);
    if (at === undefined || (await readNumber(source, at)) === legacyLz4Magic) continue;
    following.start = at;
    return;
  }
}

async function readNumber(source: ByteSource, at: number): Promise<number | undefined> {
  const bytes = await source.read(at, numberBytes);
  return bytes.length < numberBytes ? undefined : bytes.readUInt32LE();
}

/** The content of a block; if it is not one, the reason. */
async function readBlock(
  source: ByteSource,
  start: number,
  size: number | undefined,
): Promise<Buffer | string> {
  if (size === undefined) return "incomplete";
  if (size > largestBlock) return "damaged: a block is too large";
  const block = await source.read(start, size);
  if (block.length < size) return "incomplete";
  // lz4-napi wants the size of the content before the block, and takes one that is too large.
  const contentSize = Buffer.alloc(numberBytes);
  contentSize.writeUInt32LE(Math.min(blockSize, size * 255));
  try {
    return uncompressSync(Buffer.concat([contentSize, block]));
  } catch {
    return "damaged: a block can't be decompressed";
  }
}
