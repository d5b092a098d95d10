import { damaged } from "../damaged.ts";
import { hasFeature } from "./features.ts";
import type { Inode } from "./inode.ts";
import type { Superblock } from "./superblock.ts";

/** A name in a folder. */
export interface FolderRecord {
  readonly name: Buffer;
  readonly inode: number;
}

/** Bytes of a record before its name. */
const headBytes = 8;
/** Bytes of the shortest record with a name; all lengths are multiples of four. */
const leastBytes = 12;
const longestName = 255;
const slash = 0x2f;

/**
 * Reads the records of a block, without `.` and `..`. The layout is in Documentation/filesystems/ext4/directory.rst of Linux.
 *
 * @throws AppError `damaged-file-system`
 */
export function parseRecords(block: Buffer, folder: Inode, superblock: Superblock): readonly FolderRecord[] {
  const place = `the folder of inode ${folder.number}`;
  const records: FolderRecord[] = [];
  for (let at = 0; at < block.length; ) {
    const left = block.length - at;
    const length = left < headBytes ? 0 : recordLength(block.readUInt16LE(at + 4), superblock);
    if (length < leastBytes || length % 4 !== 0 || length > left)
      throw damaged(`${place} has a record with an impossible length`);
    const inode = block.readUInt32LE(at);
    if (inode !== 0) {
      const name = nameAt(block.subarray(at, at + length), superblock);
      if (!name) throw damaged(`${place} has a name that doesn't fit into its record`);
      if (!isDots(name))
        records.push({ name: folder.isEncrypted ? escapeName(name) : checkName(name, place), inode });
    }
    at += length;
  }
  return records;
}

/** The length of a record; blocks of 64 KiB need more than its 16 bits. */
function recordLength(coded: number, { blockSize }: Superblock): number {
  if (blockSize < 0x10000) return coded;
  return coded === 0xffff || coded === 0 ? blockSize : (coded & 0xfffc) | ((coded & 3) << 16);
}

function nameAt(record: Buffer, { features }: Superblock): Buffer | undefined {
  // With types of files, the upper half of the length has the type.
  const length = hasFeature(features, "filetype") ? record.readUInt8(6) : record.readUInt16LE(6);
  if (length > longestName || headBytes + length > record.length) return undefined;
  return record.subarray(headBytes, headBytes + length);
}

function isDots(name: Buffer): boolean {
  return name.length <= 2 && name.length > 0 && name.every((byte) => byte === 0x2e);
}

function checkName(name: Buffer, place: string): Buffer {
  if (name.length === 0 || name.includes(slash) || name.includes(0))
    throw damaged(`${place} has an impossible name`);
  return name;
}

/** An encrypted name in ASCII: its bytes can be any. */
function escapeName(name: Buffer): Buffer {
  const escaped = name.toString("latin1").replace(/[^!-.0-[\]-~]/g, (character) => {
    return `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
  });
  return Buffer.from(escaped, "latin1");
}
