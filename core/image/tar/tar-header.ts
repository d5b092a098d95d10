import { invalidArchive } from "../image-errors.ts";

/** The layout of a tar header, as POSIX (ustar) and GNU tar define it: one block of 512 bytes. */
export const tarBlockSize = 512;

/** A field of a tar header: bytes from `start`, `length` of them. */
export interface TarField {
  readonly start: number;
  readonly length: number;
}

export const tarFields = {
  name: { start: 0, length: 100 },
  mode: { start: 100, length: 8 },
  owner: { start: 108, length: 8 },
  group: { start: 116, length: 8 },
  size: { start: 124, length: 12 },
  modified: { start: 136, length: 12 },
  checksum: { start: 148, length: 8 },
  type: { start: 156, length: 1 },
  linkTarget: { start: 157, length: 100 },
  magic: { start: 257, length: 8 },
  ownerName: { start: 265, length: 32 },
  deviceMajor: { start: 329, length: 8 },
  deviceMinor: { start: 337, length: 8 },
  /** ustar only: GNU tar has other things there. */
  namePrefix: { start: 345, length: 155 },
} as const satisfies Record<string, TarField>;

export const gnuMagic = "ustar  \0";
export const ustarMagic = "ustar\x0000";

/**
 * GNU tar's sparse map: some pairs of numbers, 12 bytes each (where an extent starts, its length), then a byte that
 * says whether a block with more of them follows. The first are in the header, the others in blocks of their own.
 */
export const sparseMapInHeader = { start: 386, pairs: 4, more: 482 } as const;
export const sparseMapInExtension = { start: 0, pairs: 21, more: 504 } as const;
export const sparseNumberLength = 12;
/** The size of a sparse file with its holes; the header's own size field counts the bytes in the archive. */
export const realSizeField: TarField = { start: 483, length: 12 };

export const tarTypes = { file: "0", oldFile: "\0", folder: "5", sparseFile: "S", paxHeader: "x" } as const;

/** The sum that a header's checksum field holds: of all its bytes, that field counted as spaces. */
export function tarChecksum(header: Uint8Array): number {
  const { start, length } = tarFields.checksum;
  return header.reduce((sum, byte, at) => sum + (at >= start && at < start + length ? 0x20 : byte), 0);
}

/** Bytes from the end of data of this size to the next block. */
export function tarPadding(size: number): number {
  return (tarBlockSize - (size % tarBlockSize)) % tarBlockSize;
}

/**
 * Reads a number: octal digits between spaces and zero bytes, or, after 0x80, a big-endian binary one.
 *
 * @param entry what the number belongs to, for the error
 * @throws AppError `invalid-archive` for anything else, also for numbers too large for a file.
 */
export function parseTarNumber(block: Buffer, { start, length }: TarField, entry: string): number {
  const field = block.subarray(start, start + length);
  const value = field[0] === 0x80 ? binaryNumber(field.subarray(1)) : octalNumber(field);
  if (Number.isSafeInteger(value)) return value;
  throw invalidArchive(`${entry}: its header has a malformed number`);
}

function octalNumber(field: Buffer): number {
  const [, digits] = /^ *([0-7]*)[ \0]*$/.exec(field.toString("latin1")) ?? [];
  return digits === undefined ? Number.NaN : Number(`0o0${digits}`);
}

function binaryNumber(field: Buffer): number {
  return field.reduce((value, byte) => value * 256 + byte, 0);
}

/**
 * Writes a number: octal digits and a zero byte, or, for numbers that are too large for that (8 GiB in 12 bytes), a big-endian number
 * after 0x80.
 */
export function writeTarNumber(header: Buffer, { start, length }: TarField, value: number): void {
  const digits = value.toString(8).padStart(length - 1, "0");
  if (digits.length < length) {
    header.write(`${digits}\0`, start, "latin1");
    return;
  }
  header.writeBigUInt64BE(BigInt(value), start + length - 8);
  header[start] = 0x80;
}

/** Fills in the checksum of a header. @returns the header */
export function withTarChecksum(header: Buffer): Buffer {
  header.write(`${tarChecksum(header).toString(8).padStart(6, "0")}\0 `, tarFields.checksum.start, "latin1");
  return header;
}
