import createXxhash, { type XXHashAPI } from "xxhash-wasm";
import { BlockCache } from "../../async/block-cache.ts";
import { freeMemory } from "../../files/free-memory.ts";
import type { ReadableBytes } from "../byte-reader.ts";
import { invalidArchive } from "../image-errors.ts";
import { type BlockIndex, indexBlocks, type PlacedBlock } from "./block-index.ts";
import { checkBlock, checkContent, damagedFrame, decompressBlock, numberLength } from "./lz4-block.ts";

/** Bytes of decompressed blocks that are kept, and the number of blocks that are kept at least. */
const keptBytes = 32 * 1024 * 1024;
const keptBlocks = 4;

/**
 * The content of a file of LZ4 frames, of which only those blocks are decompressed that are read.
 *
 * No header tells how much content a block has. It is assumed to be as much as the frame allows, as all programs write it but for a
 * frame's last block; the file's last one is decompressed to see. So no block has more content than is assumed, and one that has less is
 * refused when it is read. If the whole content has the size that the assumption gives, the assumption holds; a caller that can't tell
 * calls `measure`.
 */
export class Lz4Content implements ReadableBytes {
  readonly #file: ReadableBytes;
  readonly #index: BlockIndex;
  readonly #xxhash: XXHashAPI;
  readonly #kept: BlockCache<Buffer>;
  /** The places at which the contents of the blocks begin, and the end of the last one. */
  #starts: readonly number[] = [0];

  /** Opens a file. @returns undefined as `indexBlocks`. @throws AppError `invalid-archive` for a damaged file */
  static async open(file: ReadableBytes): Promise<Lz4Content | undefined> {
    const index = await indexBlocks(file);
    if (!index) return undefined;
    const content = new Lz4Content(file, index, await createXxhash());
    await content.#assume();
    return content;
  }

  private constructor(file: ReadableBytes, index: BlockIndex, xxhash: XXHashAPI) {
    this.#file = file;
    this.#index = index;
    this.#xxhash = xxhash;
    this.#kept = new BlockCache(Math.max(keptBlocks, Math.floor(keptBytes / index.maximumBlock)));
  }

  get size(): number {
    return this.#starts.at(-1) ?? 0;
  }

  /** Whether all blocks have a checksum, or are in a frame that has one. */
  get isChecked(): boolean {
    return !this.#index.hasUnchecked;
  }

  /** Reads up to the end of a block. The bytes are shared, and not to be changed. @throws AppError `invalid-archive` */
  async read(offset: number, length: number): Promise<Buffer> {
    const index = this.#blockAt(offset);
    const [start = 0, end = start] = this.#starts.slice(index, index + 2);
    if (offset >= end) return Buffer.alloc(0);
    const content = await this.#kept.get(index, () => this.#decompress(this.#index.at(index)));
    if (content.length !== end - start)
      throw damagedFrame("a block has another size than those around it leave to it");
    return content.subarray(offset - start, offset - start + length);
  }

  /** Finds out how much content each block has, by decompressing all. @throws AppError `invalid-archive` */
  async measure(): Promise<void> {
    const starts = [0];
    for (let index = 0; index < this.#index.count; index++)
      starts.push((starts[index] ?? 0) + (await this.#decompress(this.#index.at(index))).length);
    this.#starts = starts;
  }

  async #assume(): Promise<void> {
    const starts = [0];
    const { count } = this.#index;
    for (let index = 0; index < count; index++) {
      const block = this.#index.at(index);
      const isLast = index === count - 1;
      const size = isLast ? (await this.#decompress(block)).length : assumedSize(block);
      starts.push((starts[index] ?? 0) + size);
    }
    this.#starts = starts;
  }

  /** The last block that begins at or before a place in the content. */
  #blockAt(offset: number): number {
    let low = 0;
    for (let high = this.#index.count - 1; low < high; ) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  async #decompress({ place, size, isCompressed, frame, isAlone }: PlacedBlock): Promise<Buffer> {
    const ofBlock = frame.blockChecksums ? numberLength : 0;
    const ofContent = isAlone && frame.contentChecksum ? frameEnd + numberLength : 0;
    const bytes = await this.#readFully(place, numberLength + size + ofBlock + ofContent);
    const sizedBlock = bytes.subarray(0, numberLength + size);
    const block = sizedBlock.subarray(numberLength);
    if (frame.blockChecksums) checkBlock(block, bytes.readUInt32LE(sizedBlock.length), this.#xxhash);
    const content = isCompressed ? moved(decompressBlock(sizedBlock, frame)) : block;
    if (isAlone)
      checkContent(frame, {
        size: content.length,
        digest: frame.contentChecksum ? this.#xxhash.h32Raw(content) : 0,
        checksum: frame.contentChecksum ? bytes.readUInt32LE(bytes.length - numberLength) : 0,
      });
    return content;
  }

  async #readFully(place: number, length: number): Promise<Buffer> {
    const bytes = Buffer.allocUnsafe(length);
    for (let done = 0; done < length; ) {
      const piece = await this.#file.read(place + done, length - done);
      if (piece.length === 0) throw invalidArchive("it ends in the middle of an LZ4 block");
      bytes.set(piece, done);
      done += piece.length;
    }
    return bytes;
  }
}

/** Bytes of the number that ends a frame. */
const frameEnd = numberLength;

/** The most content that a block can have. */
function assumedSize({ size, isCompressed, frame }: PlacedBlock): number {
  return isCompressed ? frame.maximumBlock : size;
}

/** The same bytes in memory that the garbage collector knows of: it frees what native code allocated much too late. */
function moved(native: Buffer): Buffer {
  const bytes = Buffer.from(native);
  freeMemory(native);
  return bytes;
}
