import createXxhash from "xxhash-wasm";
import { ByteReader, type ReadableBytes, skippablePieces } from "../byte-reader.ts";
import { eachFrame, lz4Magic, nextMagic, PartLimit } from "./frame-magic.ts";
import { type Frame, numberLength, readBlockStart, readDescriptor, type StoredBlock } from "./lz4-block.ts";

/** A block, and its place in the file: that of the number before it. */
export interface PlacedBlock extends StoredBlock {
  readonly place: number;
  readonly frame: Frame;
  /** Whether its frame has no other block. */
  readonly isAlone: boolean;
}

/** The blocks of a file of LZ4 frames, which can be decompressed in any order. Each takes some 30 bytes of memory. */
export class BlockIndex {
  readonly #places: number[] = [];
  readonly #sizes: number[] = [];
  readonly #areCompressed: boolean[] = [];
  /** An object for each frame. */
  readonly #frames: Frame[] = [];
  /** Whether some of it has no checksum. */
  hasUnchecked = false;
  /** The largest content that a block of the file may have. */
  maximumBlock = 0;

  get count(): number {
    return this.#places.length;
  }

  add(place: number, { size, isCompressed }: StoredBlock, frame: Frame): void {
    this.#places.push(place);
    this.#sizes.push(size);
    this.#areCompressed.push(isCompressed);
    this.#frames.push(frame);
    this.maximumBlock = Math.max(this.maximumBlock, frame.maximumBlock);
  }

  at(index: number): PlacedBlock {
    const [place, size, frame] = [this.#places[index], this.#sizes[index], this.#frames[index]];
    if (place === undefined || size === undefined || !frame)
      throw new RangeError(`there is no block ${index}`);
    const isAlone = frame !== this.#frames[index - 1] && frame !== this.#frames[index + 1];
    return { place, size, isCompressed: this.#areCompressed[index] === true, frame, isAlone };
  }
}

/** Bytes that are read for the header of a block: small blocks come with those after them. */
const headerRead = 4096;
/** More than an archive of 50 GiB has in blocks of 64 KiB. */
const maximumBlocks = 2 ** 20;

/**
 * Finds the blocks of a file, of which it reads only the headers.
 *
 * @returns undefined for a file that is not in LZ4 frames, whose blocks need those before them, or that has very many
 * @throws AppError `invalid-archive` for a damaged file
 */
export async function indexBlocks(file: ReadableBytes): Promise<BlockIndex | undefined> {
  const reader = new ByteReader(skippablePieces(file, headerRead));
  const limit = new PartLimit();
  if ((await nextMagic(reader, limit)) !== lz4Magic) return undefined;
  const xxhash = await createXxhash();
  const index = new BlockIndex();
  for await (const _ of eachFrame(reader, lz4Magic, limit)) {
    const frame = await readDescriptor(reader, xxhash);
    if (frame.linked) return undefined;
    if (!frame.contentChecksum && !frame.blockChecksums) index.hasUnchecked = true;
    for (;;) {
      const { position } = reader;
      const block = await readBlockStart(reader, frame);
      if (!block) break;
      limit.addBlock(block.size);
      if (index.count === maximumBlocks) return undefined;
      index.add(position, block, frame);
      await reader.skip(block.size + (frame.blockChecksums ? numberLength : 0), "an LZ4 block");
    }
    if (frame.contentChecksum) await reader.skip(numberLength, "an LZ4 frame");
  }
  return index;
}
