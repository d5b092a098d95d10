import type { ByteSource } from "../byte-source.ts";
import { damaged } from "../damaged.ts";
import { readExactly } from "../read-exactly.ts";

/** An entry of a cpio archive as its header describes it. */
export interface CpioHeader {
  readonly path: Buffer;
  /** Identifies the file, which hard links share. */
  readonly id: string;
  readonly links: number;
  /** With the kind of the file, as `stat` has it. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Seconds since 1970. */
  readonly modified: number;
  readonly device: { readonly major: number; readonly minor: number };
  /** Bytes from the beginning of the source. */
  readonly dataStart: number;
  readonly size: number;
  /** The end of the data and its padding, in bytes from the beginning of the source. */
  readonly end: number;
}

/** The path of the entry after an archive's last one. */
export const trailer = "TRAILER!!!";
export const magicLength = 6;
const oldMagic = "070707";
const newMagics: readonly string[] = ["070701", "070702"];

/** Whether bytes begin an entry: of the format `odc`, or of `newc` with checksums or without. */
export function isCpioMagic(bytes: Buffer): boolean {
  const magic = bytes.toString("latin1", 0, magicLength);
  return magic === oldMagic || newMagics.includes(magic);
}

/** More than a path has on any system. */
const longestPath = 64 * 1024;
const oldHeaderLength = 76;
const newHeaderLength = 110;

/** @param at where the header begins, after `isCpioMagic` was true @throws AppError `damaged-file-system` */
export async function readCpioHeader(source: ByteSource, at: number): Promise<CpioHeader> {
  const place = `the cpio header at byte ${at}`;
  const magic = await readExactly(source, at, magicLength, place);
  if (!isCpioMagic(magic)) throw damaged(`${place} is damaged`);
  const isOld = magic.toString("latin1") === oldMagic;
  const length = isOld ? oldHeaderLength : newHeaderLength;
  const header = await readExactly(source, at, length, place);
  const { pathLength, size, ...fields } = isOld ? oldFields(header, place) : newFields(header, place);
  if (pathLength < 1 || pathLength > longestPath) throw damaged(`${place} has a path of ${pathLength} bytes`);
  const path = await readExactly(source, at + length, pathLength, place);
  const padded = (bytes: number) => (isOld ? bytes : Math.ceil(bytes / 4) * 4);
  const dataStart = at + padded(length + pathLength);
  const end = dataStart + padded(size);
  return { ...fields, path: path.subarray(0, -1), dataStart, size, end };
}

function oldFields(header: Buffer, place: string) {
  const next = numbers(header, 8, /^[0-7]+$/, place);
  const [device, inode, mode, uid, gid, links, rdev] = [
    next(6),
    next(6),
    next(6),
    next(6),
    next(6),
    next(6),
    next(6),
  ];
  const [modified, pathLength, size] = [next(11), next(6), next(11)];
  return {
    id: `${device}:${inode}`,
    ...{ mode, uid, gid, links, modified, pathLength, size },
    device: { major: rdev >> 8, minor: rdev & 0xff },
  };
}

function newFields(header: Buffer, place: string) {
  const next = numbers(header, 16, /^[0-9a-f]+$/i, place);
  const [inode, mode, uid, gid, links, modified, size] = [
    next(8),
    next(8),
    next(8),
    next(8),
    next(8),
    next(8),
    next(8),
  ];
  const [fileSystemMajor, fileSystemMinor] = [next(8), next(8)];
  const device = { major: next(8), minor: next(8) };
  return {
    id: `${fileSystemMajor}:${fileSystemMinor}:${inode}`,
    ...{ mode, uid, gid, links, modified, size, device },
    pathLength: next(8),
  };
}

/** Reads one field after another, each of so many digits. */
function numbers(header: Buffer, radix: number, digits: RegExp, place: string): (length: number) => number {
  let at = magicLength;
  return (length) => {
    const text = header.toString("latin1", at, at + length);
    at += length;
    if (!digits.test(text)) throw damaged(`${place} has a malformed number`);
    return Number.parseInt(text, radix);
  };
}
