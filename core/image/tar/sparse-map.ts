import type { ByteReader } from "../byte-reader.ts";
import { ExtentList, maximumExtents } from "../disk/extents.ts";
import { invalidArchive } from "../image-errors.ts";
import {
  parseTarNumber,
  sparseMapInExtension,
  sparseMapInHeader,
  sparseNumberLength,
  tarBlockSize,
} from "./tar-header.ts";

/** The extents of one entry as they are read, each checked against those before it. */
class SparseMap {
  readonly #extents = new ExtentList();
  readonly #size: number;
  readonly #entry: string;
  #pairs = 0;
  /** The end of the last pair, which may be an empty extent. */
  #end = 0;

  /** @param size of the file with its holes */
  constructor(size: number, entry: string) {
    this.#size = size;
    this.#entry = entry;
  }

  add(start: number, length: number): void {
    const extents = this.#extents;
    if (++this.#pairs > maximumExtents) throw this.refusal(`more than ${maximumExtents} extents`);
    if (start < extents.end) throw this.refusal("extents that overlap or descend");
    if (start + length > this.#size) throw this.refusal("an extent past the end of the file");
    this.#end = start + length;
    if (length === 0) return;
    // If an extent ends in the middle of a block, some programs pad its data and others don't.
    if (extents.dataSize % tarBlockSize !== 0) throw this.refusal("an extent with a part of a block");
    extents.add(start, length);
  }

  /** The extents, once all were added. */
  finish(): ExtentList {
    // If a file ends with a hole, an empty extent says so. Without one, GNU tar makes a file that is too short.
    if (this.#end !== this.#size) throw this.refusal("an end that is not the file's");
    return this.#extents;
  }

  /** The error that names the entry. */
  refusal(what: string): Error {
    return invalidArchive(`${this.#entry}: its sparse map has ${what}`);
  }
}

/** Reads the map in an old GNU sparse header, and the blocks after the header that continue it. */
export async function readGnuSparseMap(
  header: Buffer,
  size: number,
  reader: ByteReader,
  entry: string,
): Promise<ExtentList> {
  const map = new SparseMap(size, entry);
  let block = header;
  let layout: typeof sparseMapInHeader | typeof sparseMapInExtension = sparseMapInHeader;
  for (;;) {
    const goesOn = block[layout.more] !== 0;
    for (let pair = 0; pair < layout.pairs; pair++) {
      const startField = { start: layout.start + 2 * pair * sparseNumberLength, length: sparseNumberLength };
      const lengthField = { start: startField.start + sparseNumberLength, length: sparseNumberLength };
      if (block[lengthField.start] === 0) {
        if (goesOn || (pair === 0 && block !== header)) throw map.refusal("a part that is missing");
        return map.finish();
      }
      map.add(parseTarNumber(block, startField, entry), parseTarNumber(block, lengthField, entry));
    }
    if (!goesOn) return map.finish();
    block = await reader.read(tarBlockSize, `the sparse map of ${entry}`);
    layout = sparseMapInExtension;
  }
}

/** Checks the map that a PAX header of version 0.0 or 0.1 has. */
export function paxSparseMap(numbers: readonly string[], size: number, entry: string): ExtentList {
  const map = new SparseMap(size, entry);
  for (let index = 0; index < numbers.length; index += 2) {
    map.add(parseDecimal(numbers[index], entry), parseDecimal(numbers[index + 1], entry));
  }
  return map.finish();
}

/**
 * Reads the map of version 1.0, which comes before the data: how many extents, then each one's start and length, all
 * decimal, each in a line of its own; padded to whole blocks.
 *
 * @returns the extents, and how many bytes the map took.
 */
export async function readPaxSparseMap(
  size: number,
  reader: ByteReader,
  entry: string,
): Promise<{ readonly extents: ExtentList; readonly mapSize: number }> {
  const map = new SparseMap(size, entry);
  let mapSize = 0;
  let text = "";
  const nextNumber = async (): Promise<number> => {
    let lineEnd = text.indexOf("\n");
    while (lineEnd < 0 && text.length < tarBlockSize) {
      text += (await reader.read(tarBlockSize, `the sparse map of ${entry}`)).toString("latin1");
      mapSize += tarBlockSize;
      lineEnd = text.indexOf("\n");
    }
    const digits = text.slice(0, Math.max(lineEnd, 0));
    text = text.slice(lineEnd + 1);
    return parseDecimal(digits, entry);
  };
  const count = await nextNumber();
  for (let index = 0; index < count; index++) map.add(await nextNumber(), await nextNumber());
  return { extents: map.finish(), mapSize };
}

/** @throws AppError `invalid-archive` unless the text is a plain decimal number below 10^15. */
export function parseDecimal(text: string | undefined, entry: string): number {
  if (text !== undefined && /^\d{1,15}$/.test(text)) return Number(text);
  throw invalidArchive(`${entry}: its sparse map or PAX header has a malformed number`);
}
