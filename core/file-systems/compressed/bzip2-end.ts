import { findRest } from "../archive-rest.ts";
import type { ByteSource } from "../byte-source.ts";
import { type Following, piecesOf } from "./following.ts";

/** The 48 bits that end a stream, at any bit of a byte; a checksum of 32 bits and bits up to a whole byte come after them. */
const endMark = 0x177245385090n;
const markBits = 48;
const checksumBits = 32;
/** "BZh" and the size of its blocks in 100 kB. */
const streamHead = /^BZh[1-9]/;
const headBytes = 4;

/** The mark when it begins at some bit of a byte: the bytes that it fills, and the bits that it has in those around them. */
interface ShiftedMark {
  readonly bits: number;
  readonly whole: Buffer;
  readonly first: { readonly mask: number; readonly value: number };
  readonly last: { readonly mask: number; readonly value: number };
}

const marks: readonly ShiftedMark[] = Array.from({ length: 8 }, (_, bits) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(endMark << BigInt(16 - bits));
  // The mark takes seven bytes, of which the first and the last may be cut.
  return {
    bits,
    whole: bytes.subarray(1, 6),
    first: { mask: 0xff >> bits, value: bytes.readUInt8(0) },
    last: { mask: 0xff & (0xff << (8 - bits)), value: bytes.readUInt8(6) },
  };
});

/** Finds the data after bzip2 streams that follow each other, which the program `bzip2` passes over. */
export async function findAfterBzip2(source: ByteSource, following: Following): Promise<void> {
  for (let at = 0; ; ) {
    const end = await findEnd(source, at);
    if (end === undefined) return;
    at = end;
    const head = await source.read(at, headBytes);
    if (streamHead.test(head.toString("latin1"))) continue;
    following.start = await findRest(source, at, following.notes);
    return;
  }
}

/** The end of the stream that begins at a place; undefined without a mark of it. */
async function findEnd(source: ByteSource, start: number): Promise<number | undefined> {
  let before = Buffer.alloc(0);
  let at = start;
  for await (const piece of piecesOf(source, start)) {
    const bytes = Buffer.concat([before, piece]);
    const bit = findMark(bytes);
    if (bit !== undefined) return at - before.length + Math.ceil((bit + markBits + checksumBits) / 8);
    at += piece.length;
    before = bytes.subarray(-(markBits / 8));
  }
  return undefined;
}

/** The bit at which the first mark in some bytes begins. */
function findMark(bytes: Buffer): number | undefined {
  const found = marks.flatMap((mark) => findShifted(bytes, mark) ?? []);
  return found.length === 0 ? undefined : Math.min(...found);
}

function findShifted(bytes: Buffer, { bits, whole, first, last }: ShiftedMark): number | undefined {
  for (let at = bytes.indexOf(whole, 1); at > 0; at = bytes.indexOf(whole, at + 1)) {
    const [before, after] = [bytes[at - 1] ?? 0, bytes[at + whole.length]];
    if ((before & first.mask) !== first.value) continue;
    if (last.mask !== 0 && (after === undefined || (after & last.mask) !== last.value)) continue;
    return 8 * (at - 1) + bits;
  }
  return undefined;
}
