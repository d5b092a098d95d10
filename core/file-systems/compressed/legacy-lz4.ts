import { uncompressSync } from "lz4-napi";
import { freeMemory } from "../../files/free-memory.ts";
import type { ByteReader } from "../../image/byte-reader.ts";
import { legacyLz4Magic } from "../../image/compression/frame-magic.ts";
import { damaged } from "../damaged.ts";

/** Bytes of the content of a block, but for the last. */
const blockSize = 8 * 1024 ** 2;
/** Of a block that is larger than its content. */
const largestBlock = blockSize + blockSize / 255 + 16;

/**
 * Decompresses the LZ4 format before frames, in which Linux distributions pack initrds. It ends with the data.
 *
 * @param reader stands after the magic number
 */
export async function* decompressLegacyLz4(reader: ByteReader): AsyncGenerator<Uint8Array> {
  while (!(await reader.atEnd())) {
    const size = (await reader.read(4, "the LZ4 data")).readUInt32LE();
    // Archives that were put one after the other.
    if (size === legacyLz4Magic) continue;
    // Zeros after an initrd, up to the end of a block of the disk.
    if (size === 0) return;
    if (size > largestBlock) throw damaged("the LZ4 data is damaged: a block is too large");
    // lz4-napi wants the size of the content before the block, and takes one that is too large.
    const sized = Buffer.alloc(4 + size);
    sized.writeUInt32LE(Math.min(blockSize, size * 255));
    await reader.fill(sized.subarray(4), "the LZ4 data");
    const content = decompressBlock(sized);
    yield content;
    freeMemory(content);
  }
}

function decompressBlock(sized: Buffer): Buffer {
  try {
    return uncompressSync(sized);
  } catch {
    throw damaged("the LZ4 data is damaged: a block can't be decompressed");
  }
}
