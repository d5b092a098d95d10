import { safeName } from "../entry-name.ts";
import { decodeCodePage } from "./code-page-437.ts";

/** Bytes of an entry. */
export const entryBytes = 32;

const attributes = { label: 0x08, folder: 0x10, longName: 0x0f } as const;
/** Bits of byte 12 by which Windows NT says that a part of a short name is in lower case. */
const lowerCase = { base: 0x08, extension: 0x10 } as const;

/** The purpose of an entry. A file's own name and that of its folder, `.` and `..`, are `dots`. */
export function purposeOf(
  entry: Buffer,
): "end" | "deleted" | "long name" | "label" | "dots" | "folder" | "file" {
  const first = entry[0];
  const attribute = entry[11] ?? 0;
  if (first === 0) return "end";
  if (first === 0xe5) return "deleted";
  if ((attribute & 0x3f) === attributes.longName) return "long name";
  if ((attribute & attributes.label) !== 0) return "label";
  // No short name begins with a dot.
  if (first === 0x2e) return "dots";
  return (attribute & attributes.folder) !== 0 ? "folder" : "file";
}

/** The name of a file in UTF-8: its long one, or its short one from code page 437. */
export function nameOf(entry: Buffer, longName: string | undefined): Buffer {
  const bytes = Buffer.from(longName ?? "");
  const isUsable = bytes.length > 0 && safeName(bytes) === bytes;
  return isUsable ? bytes : safeName(Buffer.from(shortName(entry)));
}

/** The label of a volume. */
export function labelOf(entry: Buffer): string {
  return trimEnd(decodeCodePage(firstBytes(entry, 11)));
}

/** The first cluster of a file's content, or 0 if it has none. FAT12 and FAT16 use half of the field. */
export function firstClusterOf(entry: Buffer, isFat32: boolean): number {
  return entry.readUInt16LE(26) + (isFat32 ? entry.readUInt16LE(20) * 0x1_0000 : 0);
}

/** Bytes of a file. */
export function sizeOf(entry: Buffer): number {
  return entry.readUInt32LE(28);
}

/**
 * When a file was changed, in milliseconds since 1970; undefined without a date. FAT has local times without a time zone: they
 * are taken as UTC.
 */
export function modifiedOf(entry: Buffer): number | undefined {
  const [time, date] = [entry.readUInt16LE(22), entry.readUInt16LE(24)];
  const [year, month, day] = [1980 + (date >> 9), (date >> 5) & 0xf, date & 0x1f];
  if (month < 1 || month > 12 || day < 1) return undefined;
  return Date.UTC(year, month - 1, day, time >> 11, (time >> 5) & 0x3f, (time & 0x1f) * 2);
}

/** The name that each file has, even if it has a long one as well. */
export function shortName(entry: Buffer): string {
  const flags = entry[12] ?? 0;
  const part = (bytes: Buffer, isLower: boolean) => {
    const text = trimEnd(decodeCodePage(bytes));
    return isLower ? text.toLowerCase() : text;
  };
  const base = part(firstBytes(entry, 8), (flags & lowerCase.base) !== 0);
  const extension = part(entry.subarray(8, 11), (flags & lowerCase.extension) !== 0);
  return extension === "" ? base : `${base}.${extension}`;
}

/** The first bytes of a name, in which 5 stands for 0xe5, the mark of deleted entries. */
function firstBytes(entry: Buffer, length: number): Buffer {
  const bytes = Buffer.from(entry.subarray(0, length));
  if (bytes[0] === 5) bytes[0] = 0xe5;
  return bytes;
}

function trimEnd(text: string): string {
  return text.replace(/ +$/, "");
}
