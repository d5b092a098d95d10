import { promisify } from "node:util";
import { inflate, zstdDecompress } from "node:zlib";
import { uncompressSync } from "lz4-napi";
import { freeMemory } from "../../files/free-memory.ts";
import { damaged, isDamage, unreadable } from "../damaged.ts";
import { filterBytes, xzProgram } from "../program-filter.ts";

/** Decompresses a block. @param most bytes of content */
export type BlockDecoder = (block: Buffer, most: number) => Promise<Buffer>;

const gunzip = promisify(inflate);
const unpackZstd = promisify(zstdDecompress);

const decoders: Readonly<Record<number, BlockDecoder>> = {
  1: async (block, most) => await gunzip(block, { maxOutputLength: most }),
  4: decodeXz,
  5: async (block, most) => {
    // lz4-napi wants the size of the content before the block, and takes one that is too large.
    const sized = Buffer.alloc(4 + block.length);
    sized.writeUInt32LE(most);
    block.copy(sized, 4);
    const content = uncompressSync(sized);
    const copy = Buffer.from(content);
    freeMemory(content);
    return copy;
  },
  6: async (block, most) => await unpackZstd(block, { maxOutputLength: most }),
};
const otherCompressions: Readonly<Record<number, string>> = { 2: "LZMA", 3: "LZO" };

/** @param compression its number in the superblock @throws AppError `damaged-file-system` for one that can't be read */
export function blockDecoder(compression: number): BlockDecoder {
  const decode = decoders[compression];
  const name = otherCompressions[compression];
  if (name !== undefined)
    throw unreadable(`the squashfs file system is compressed with ${name}, which Tinsmith can't read`);
  if (!decode) throw unreadable(`the squashfs file system is compressed in the unknown way ${compression}`);
  return async (block, most) => {
    try {
      return await decode(block, most);
    } catch (error) {
      if (
        error instanceof Error &&
        !("code" in error && /^(missing-tool|interrupted)$/.test(String(error.code)))
      )
        throw isDamage(error) ? error : damaged("a block of the squashfs file system can't be decompressed");
      throw error;
    }
  };
}

async function decodeXz(block: Buffer, most: number): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of filterBytes(xzProgram, [block], "a block of the squashfs file system")) {
    size += part.length;
    if (size > most) throw damaged("a block of the squashfs file system has too much content");
    parts.push(part);
  }
  return Buffer.concat(parts);
}
