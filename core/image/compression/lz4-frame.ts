import { setImmediate as nextTurn } from "node:timers/promises";
import { compressFrame, uncompressSync } from "lz4-napi";
import createXxhash, { type XXHashAPI } from "xxhash-wasm";
import type { ByteReader } from "../byte-reader.ts";
import { invalidArchive } from "../image-errors.ts";
import { eachFrame, lz4Magic, type PartLimit } from "./frame-magic.ts";
import { LateRelease } from "./late-release.ts";

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
  const decoder = new Decoder(reader, await createXxhash(), limit);
  for await (const _ of eachFrame(reader, lz4Magic, limit)) {
    const frame = await decoder.readDescriptor();
    if (!frame.contentChecksum && !frame.blockChecksums) onUnchecked();
    yield* decoder.readFrame(frame);
  }
}

/** The fields of a frame's descriptor. */
interface Frame {
  readonly linked: boolean;
  readonly blockChecksums: boolean;
  readonly contentChecksum: boolean;
  readonly contentSize: number | undefined;
  /** Bytes of a block, compressed or not. */
  readonly maximumBlock: number;
}

/** A linked block may refer to this many bytes of content before it. */
const windowSize = 64 * 1024;
/** No byte of a compressed block stands for more content than this. */
const maximumExpansion = 255;
/** lz4-napi wants the size of a block's content before the block. */
const sizeLength = 4;

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
    if (frame.contentChecksum && (await this.#readNumber()) !== hash.digest()) {
      throw damaged("its content's checksum is wrong");
    }
    if ((frame.contentSize ?? size) !== size) throw damaged("its content's size is wrong");
  }

  /** Reads the descriptor of the frame whose magic number was just read. */
  async readDescriptor(): Promise<Frame> {
    const start = await this.#reader.read(2, "an LZ4 frame's descriptor");
    const [flags = 0, blockFlags = 0] = start;
    const sizeCode = (blockFlags >> 4) & 7;
    if (flags >> 6 !== 1 || flags & 0b10 || blockFlags & 0b1000_1111 || sizeCode < 4) {
      throw damaged("its descriptor has unknown flags");
    }
    if (flags & 0b1) throw damaged("it needs a dictionary");
    const hasContentSize = (flags & 0b1000) !== 0;
    const rest = await this.#reader.read(hasContentSize ? 9 : 1, "an LZ4 frame's descriptor");
    const descriptor = Buffer.concat([start, rest.subarray(0, -1)]);
    if (((this.#xxhash.h32Raw(descriptor) >>> 8) & 0xff) !== rest.at(-1)) {
      throw damaged("its descriptor's checksum is wrong");
    }
    return {
      linked: (flags & 0b10_0000) === 0,
      blockChecksums: (flags & 0b1_0000) !== 0,
      contentChecksum: (flags & 0b100) !== 0,
      contentSize: hasContentSize ? Number(rest.readBigUInt64LE()) : undefined,
      maximumBlock: 2 ** (8 + 2 * sizeCode),
    };
  }

  /** Reads a block and decompresses it; undefined is the frame's end. */
  async #readBlock(frame: Frame, window: Buffer): Promise<Buffer | undefined> {
    const word = await this.#readNumber();
    if (word === 0) return undefined;
    const isCompressed = word < 0x8000_0000;
    const size = word & 0x7fff_ffff;
    if (size > frame.maximumBlock) throw damaged("a block is larger than the frame allows");
    if (this.#memory.length < sizeLength + size) this.#memory = Buffer.alloc(sizeLength + frame.maximumBlock);
    const sizedBlock = this.#memory.subarray(0, sizeLength + size);
    const block = sizedBlock.subarray(sizeLength);
    await this.#reader.fill(block, "an LZ4 block");
    if (frame.blockChecksums && (await this.#readNumber()) !== this.#xxhash.h32Raw(block)) {
      throw damaged("a block's checksum is wrong");
    }
    if (!isCompressed) {
      // An empty one is not handed out, and must not take the memory of the one before it.
      if (size > 0) [this.#memory, this.#storedBlock] = [this.#storedBlock, this.#memory];
      return block;
    }
    // It is content with a size that is too large, but makes room for all of it.
    sizedBlock.writeUInt32LE(Math.min(frame.maximumBlock, size * maximumExpansion));
    try {
      return uncompressSync(sizedBlock, window.length > 0 ? window : undefined);
    } catch (cause) {
      throw damaged("a block can't be decompressed", cause);
    }
  }

  async #readNumber(): Promise<number> {
    return (await this.#reader.read(4, "an LZ4 frame")).readUInt32LE();
  }
}

function damaged(how: string, cause?: unknown): Error {
  return invalidArchive(`an LZ4 frame is damaged: ${how}`, cause);
}
