import type { ByteReader } from "./byte-reader.ts";
import { invalidArchive } from "./image-errors.ts";

/** What a compressed frame begins with, as a little-endian number. */
export const lz4Magic = 0x184d2204;
export const zstdMagic = 0xfd2fb528;
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
 * Reads the magic number of the next frame and skips frames that are meant to be skipped.
 *
 * @returns undefined at the end of the file.
 */
export async function nextMagic(reader: ByteReader): Promise<number | undefined> {
  while (!(await reader.atEnd())) {
    const magic = (await reader.read(4, "a frame's magic number")).readUInt32LE();
    if (!isSkippable(magic)) return magic;
    const size = (await reader.read(4, "a skippable frame")).readUInt32LE();
    await reader.skip(size, "a skippable frame");
  }
  return undefined;
}

/**
 * More frames than this are refused: each takes its time, also when there is next to nothing in it. The largest archive
 * that we write has 204,800.
 */
const maximumFrames = 2 ** 18;

/**
 * Goes through the frames of a file, all of which must be of one kind: whoever is given a turn reads one of them.
 *
 * @param reader stands after the first frame's magic number
 */
export async function* eachFrame(reader: ByteReader, magic: number): AsyncGenerator<void> {
  for (let count = 1; count <= maximumFrames; count++) {
    yield;
    const next = await nextMagic(reader);
    if (next === undefined) return;
    if (next !== magic) throw invalidArchive("something follows the end of the compressed data");
  }
  throw invalidArchive(`it has more than ${maximumFrames} compressed frames`);
}
