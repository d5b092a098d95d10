import { setImmediate as nextTurn } from "node:timers/promises";
import { compressFrame } from "lz4-napi";
import createXxhash, { type XXHashAPI } from "xxhash-wasm";
import type { ByteReader } from "../byte-reader.ts";
import { eachFrame, lz4Magic, type PartLimit } from "./frame-magic.ts";
import { LateRelease } from "./late-release.ts";
import {
  checkBlock,
  checkContent,
  decompressBlock,
  type Frame,
  numberLength,
  readBlockStart,
  readDescriptor,
  readNumber,
} from "./lz4-block.ts";

/**
 * The most content that is best compressed at once, in bytes. lz4-napi's worker threads each keep the memory of up to
 * a hundred results: with 4 MiB that comes to half a gigabyte. Smaller blocks make archives 0.5 % larger.
 */
export const lz4ChunkSize = 256 * 1024;

/** Compresses some content into a frame of its own: one independent block, and a checksum of the content. */
export async function compressLz4(content: Uint8Array): Promise<Uint8Array> {
  return await compressFrame(content, { contentChecksum: true });
}

/**
 * Decompresses frames to the end of the file and verifies the checksums that they have. A piece is valid until the one
 * after the next is asked for.
 *
 * @param reader stands after the first frame's magic number
 * @param onUnchecked called for each frame that has no checksums
 */
export async function* decompressLz4(
  reader: ByteReader,
  limit: PartLimit,
  onUnchecked: () => void,
): AsyncGenerator<Uint8Array> {
  const xxhash = await createXxhash();
  const decoder = new Decoder(reader, xxhash, limit);
  for await (const _ of eachFrame(reader, lz4Magic, limit)) {
    const frame = await readDescriptor(reader, xxhash);
    if (!frame.contentChecksum && !frame.blockChecksums) onUnchecked();
    yield* decoder.readFrame(frame);
  }
}

/** A linked block may refer to this many bytes of content before it. */
const windowSize = 64 * 1024;
/** Bytes after which other work has its turn. */
const turnBytes = 64 * 1024;
/** Bytes that a block counts for beside its content, so that empty ones count too. */
const blockCost = 256;

class Decoder {
  readonly #reader: ByteReader;
  readonly #xxhash: XXHashAPI;
  readonly #limit: PartLimit;
  /** Bytes that were given out since others had their turn. */
  #given = 0;
  readonly #contents = new LateRelease();
  /** Holds one block after another, with the size before it. */
  #memory = Buffer.alloc(0);
  /** The last stored block, whose content is the block itself. */
  #storedBlock = Buffer.alloc(0);

  constructor(reader: ByteReader, xxhash: XXHashAPI, limit: PartLimit) {
    this.#reader = reader;
    this.#xxhash = xxhash;
    this.#limit = limit;
  }

  /** Yields the content of the frame whose descriptor was just read, block by block. */
  async *readFrame(frame: Frame): AsyncGenerator<Uint8Array> {
    const hash = this.#xxhash.create32();
    let size = 0;
    let window = Buffer.alloc(0);
    for (;;) {
      const content = await this.#readBlock(frame, window);
      if (!content) break;
      if (frame.linked) window = Buffer.concat([window, content.subarray(-windowSize)]).subarray(-windowSize);
      this.#limit.addBlock(content.length);
      hash.update(content);
      size += content.length;
      // A reader asks for more when a piece is empty, and the piece before it may still be in use.
      if (content.length > 0) {
        yield content;
        this.#contents.release(content);
      }
      // Native memory is only released between turns of the event loop; a turn for each of many small blocks takes
      // long.
      this.#given += content.length + blockCost;
      if (this.#given < turnBytes) continue;
      this.#given = 0;
      await nextTurn();
    }
    const checksum = frame.contentChecksum ? await readNumber(this.#reader) : 0;
    checkContent(frame, { size, digest: hash.digest(), checksum });
  }

  /** Reads a block and decompresses it; undefined is the frame's end. */
  async #readBlock(frame: Frame, window: Buffer): Promise<Buffer | undefined> {
    const start = await readBlockStart(this.#reader, frame);
    if (!start) return undefined;
    const { size, isCompressed } = start;
    if (this.#memory.length < numberLength + size)
      this.#memory = Buffer.alloc(numberLength + frame.maximumBlock);
    const sizedBlock = this.#memory.subarray(0, numberLength + size);
    const block = sizedBlock.subarray(numberLength);
    await this.#reader.fill(block, "an LZ4 block");
    if (frame.blockChecksums) checkBlock(block, await readNumber(this.#reader), this.#xxhash);
    if (isCompressed) return decompressBlock(sizedBlock, frame, window.length > 0 ? window : undefined);
    // An empty one is not handed out, and must not take the memory of the one before it.
    if (size > 0) [this.#memory, this.#storedBlock] = [this.#storedBlock, this.#memory];
    return block;
  }
}
