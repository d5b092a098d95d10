import type { ByteReader } from "../byte-reader.ts";
import { invalidArchive } from "../image-errors.ts";

/** The number, little-endian, that a compressed frame begins with. */
export const lz4Magic = 0x184d2204;
export const zstdMagic = 0xfd2fb528;
/** The number of LZ4's format before 2013, which has no checksums: `lz4 -l` still writes it. */
export const legacyLz4Magic = 0x184c2102;
/** Both formats let anybody put frames of their own between the others; 16 numbers begin one. */
const firstSkippableMagic = 0x184d2a50;

/** Whether a file that begins with this number is compressed in one of both formats. */
export function beginsFrame(magic: number): boolean {
  return magic === lz4Magic || magic === zstdMagic || isSkippable(magic);
}

function isSkippable(magic: number): boolean {
  return Math.floor(magic / 16) === firstSkippableMagic / 16;
}

/**
 * Counts the parts of a file, and refuses one with very many parts: each takes its time, also when there is next to
 * nothing in it.
 */
export class PartLimit {
  #frames = 0;
  #blocks = 0;
  #blockBytes = 0;

  /** Counts a frame, also one that is skipped. @throws AppError `invalid-archive` */
  addFrame(): void {
    if (++this.#frames > maximumFrames)
      throw invalidArchive(`it has more than ${maximumFrames} compressed frames`);
  }

  /** Counts a block of a frame, with bytes that it holds at least. @throws AppError `invalid-archive` */
  addBlock(bytes: number): void {
    this.#blockBytes += bytes;
    if (++this.#blocks > maximumSmallBlocks + this.#blockBytes / smallBlock)
      throw invalidArchive(
        `it has more than ${maximumSmallBlocks} compressed blocks, most of less than ${smallBlock} bytes`,
      );
  }
}

/** The largest archive that we write has 204,800. */
const maximumFrames = 2 ** 18;

/**
 * The largest archive has 409,600 blocks of Zstandard, of 128 KiB each, and they may be compressed to next to nothing. So
 * many take a second or two; more are taken as long as they hold something.
 */
const maximumSmallBlocks = 2 ** 19;
/** Bytes. */
const smallBlock = 512;

/**
 * Reads the magic number of the next frame and skips frames that are meant to be skipped.
 *
 * @returns undefined at the end of the file. @throws AppError `invalid-archive` when there are too many
 */
export async function nextMagic(reader: ByteReader, limit: PartLimit): Promise<number | undefined> {
  while (!(await reader.atEnd())) {
    const magic = (await reader.read(4, "a frame's magic number")).readUInt32LE();
    limit.addFrame();
    if (!isSkippable(magic)) return magic;
    const size = (await reader.read(4, "a skippable frame")).readUInt32LE();
    await reader.skip(size, "a skippable frame");
  }
  return undefined;
}

/**
 * Yields once for each frame of a file, all of which must be of one kind; the caller reads the frame.
 *
 * @param reader stands after the first frame's magic number
 */
export async function* eachFrame(reader: ByteReader, magic: number, limit: PartLimit): AsyncGenerator<void> {
  for (;;) {
    yield;
    const next = await nextMagic(reader, limit);
    if (next === undefined) return;
    if (next !== magic) throw invalidArchive("there is data after the end of the compressed data");
  }
}
