import { BlockCache } from "../../async/block-cache.ts";
import type { ByteSource } from "../byte-source.ts";
import { damaged } from "../damaged.ts";
import { readExactly } from "../read-exactly.ts";
import type { BlockDecoder } from "./block-decoder.ts";
import { type FileBlocks, readSizes, sizeMask } from "./inode.ts";
import type { Metadata } from "./metadata.ts";
import type { Superblock } from "./superblock.ts";

const isStored = 1 << 24;
const cachedBlocks = 8;
/** Fragments in a metadata block, at 16 bytes each. */
const fragmentsPerBlock = 512;

/** Opens the contents of files, whose last decompressed blocks are kept. */
export class FileContents {
  readonly #source: ByteSource;
  readonly #superblock: Superblock;
  readonly #metadata: Metadata;
  readonly #decode: BlockDecoder;
  readonly #blocks = new BlockCache<Buffer>(cachedBlocks);

  constructor(source: ByteSource, superblock: Superblock, metadata: Metadata, decode: BlockDecoder) {
    this.#source = source;
    this.#superblock = superblock;
    this.#metadata = metadata;
    this.#decode = decode;
  }

  async open(blocks: FileBlocks, size: number, name: string): Promise<ByteSource> {
    const { start, count, sizesPlace, fragment, fragmentOffset } = blocks;
    const { blockSize } = this.#superblock;
    const sizes = new Uint32Array(count);
    const places = new Float64Array(count);
    let [index, next] = [0, start];
    const cursor = this.#metadata.cursor(sizesPlace.block, sizesPlace.offset, name);
    for await (const part of readSizes(cursor, count)) {
      sizes.set(part, index);
      for (const stored of part) {
        places[index++] = next;
        next += stored & sizeMask;
      }
    }
    /** The content of a block, the last of which may be in a fragment; undefined for a hole. */
    const block = async (index: number, length: number): Promise<Buffer | undefined> => {
      const stored = sizes[index];
      if (stored === 0) return undefined;
      if (stored === undefined) return await this.#readFragment(fragment ?? 0, fragmentOffset, length, name);
      const content = await this.#readBlock(places[index] ?? 0, stored, name);
      if (content.length !== length)
        throw damaged(`${name}: a block has ${content.length} bytes instead of ${length}`);
      return content;
    };
    /** Blocks without stored bytes are holes. */
    const nextData = async (offset: number) => {
      const first = Math.floor(offset / blockSize);
      let at = first;
      while (at < count && sizes[at] === 0) at++;
      const isHole = at === count && fragment === undefined;
      return isHole ? size : Math.min(size, Math.max(offset, at * blockSize));
    };
    return {
      size,
      nextData,
      read: async (offset, length) => {
        const end = Math.min(size, offset + length);
        const bytes = Buffer.alloc(Math.max(0, end - offset));
        for (let at = offset; at < end; ) {
          const index = Math.floor(at / blockSize);
          const from = at - index * blockSize;
          const blockLength = Math.min(blockSize, size - index * blockSize);
          const to = Math.min(blockLength, end - index * blockSize);
          (await block(index, blockLength))?.copy(bytes, at - offset, from, to);
          at += to - from;
        }
        return bytes;
      },
    };
  }

  async #readFragment(index: number, offset: number, length: number, name: string): Promise<Buffer> {
    const { fragments, fragmentTable } = this.#superblock;
    if (index >= fragments) throw damaged(`${name}: its fragment ${index} is not one of ${fragments}`);
    const table = fragmentTable + 8 * Math.floor(index / fragmentsPerBlock);
    const place = Number(
      (await readExactly(this.#source, table, 8, "the table of fragments")).readBigUInt64LE(),
    );
    const cursor = this.#metadata.cursor(place, 16 * (index % fragmentsPerBlock), "the table of fragments");
    const entry = await cursor.read(16);
    const content = await this.#readBlock(Number(entry.readBigUInt64LE()), entry.readUInt32LE(8), name);
    if (offset + length > content.length) throw damaged(`${name}: its fragment ends before its content`);
    return content.subarray(offset, offset + length);
  }

  async #readBlock(place: number, stored: number, name: string): Promise<Buffer> {
    const { blockSize } = this.#superblock;
    const size = stored & sizeMask;
    if (size === 0 || size > blockSize) throw damaged(`${name}: a block has ${size} stored bytes`);
    return await this.#blocks.get(place, async () => {
      const bytes = await readExactly(this.#source, place, size, name);
      return stored & isStored ? bytes : await this.#decode(bytes, blockSize);
    });
  }
}
