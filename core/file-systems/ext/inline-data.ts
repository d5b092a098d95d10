import { damaged } from "../damaged.ts";
import type { Inode } from "./inode.ts";

const magic = 0xea020000;
/** Bytes of an entry before its name. */
const headBytes = 16;
/** The number that stands for "system." before the name of an attribute. */
const systemPrefix = 7;

/** The two parts of the data that is in an inode: where the map would be, and in the attribute `system.data`. */
export interface InlineData {
  readonly first: Buffer;
  readonly rest: Buffer;
}

/**
 * Finds the data in an inode. The layouts are in Documentation/filesystems/ext4/inlinedata.rst and attributes.rst of Linux.
 *
 * @throws AppError `damaged-file-system`
 */
export function findInlineData({ number, map, attributes }: Inode): InlineData {
  const nothing = Buffer.alloc(0);
  if (attributes.length < 4 || attributes.readUInt32LE(0) !== magic) return { first: map, rest: nothing };
  const entries = attributes.subarray(4);
  for (let at = 0; at + headBytes <= entries.length && entries.readUInt32LE(at) !== 0; ) {
    const nameLength = entries.readUInt8(at);
    const name = entries.toString("latin1", at + headBytes, at + headBytes + nameLength);
    if (entries.readUInt8(at + 1) === systemPrefix && name === "data")
      return { first: map, rest: valueAt(entries, at, number) };
    at += headBytes + Math.ceil(nameLength / 4) * 4;
  }
  return { first: map, rest: nothing };
}

function valueAt(entries: Buffer, at: number, number: number): Buffer {
  const offset = entries.readUInt16LE(at + 2);
  const size = entries.readUInt32LE(at + 8);
  // Its data is always in the inode itself, never in the inode of a large attribute.
  if (entries.readUInt32LE(at + 4) !== 0 || offset + size > entries.length)
    throw damaged(`the inode ${number} has data outside of itself`);
  return entries.subarray(offset, offset + size);
}
