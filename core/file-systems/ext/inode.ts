import type { EntryKind } from "../../../shared/contents/entry.ts";
import { damaged } from "../damaged.ts";
import { hasFeature, hasHugeFiles } from "./features.ts";
import type { Superblock } from "./superblock.ts";

/** An inode: a file, folder or other node without its names. */
export interface Inode {
  readonly number: number;
  readonly kind: EntryKind;
  /** Permissions, set-id and sticky bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes. */
  readonly size: number;
  readonly links: number;
  /** Bytes of its blocks, those of its map and attributes included. */
  readonly allocated: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
  /** The 60 bytes that have its map of blocks, its data or its device. */
  readonly map: Buffer;
  /** The part that has extended attributes; empty without one. */
  readonly attributes: Buffer;
  /** Whether it has a block of extended attributes. */
  readonly hasAttributeBlock: boolean;
  readonly usesExtents: boolean;
  readonly isInline: boolean;
  readonly isEncrypted: boolean;
}

/** The kinds of files by the highest four bits of their mode. */
const kinds: ReadonlyMap<number, EntryKind> = new Map([
  [0x1, "fifo"],
  [0x2, "char-device"],
  [0x4, "folder"],
  [0x6, "block-device"],
  [0x8, "file"],
  [0xa, "symlink"],
  [0xc, "socket"],
]);

const flags = { encrypted: 0x800, hugeFile: 0x40000, extents: 0x80000, inlineData: 0x10000000 } as const;
/** Bytes of an inode in the first ext2; what is behind them is as long as its first field says. */
const oldBytes = 128;

/**
 * Reads an inode, whose layout is in Documentation/filesystems/ext4/inodes.rst of Linux.
 *
 * @throws AppError `damaged-file-system`
 */
export function parseInode(number: number, bytes: Buffer, superblock: Superblock): Inode {
  const { features, blockSize } = superblock;
  const half = (offset: number) => bytes.readUInt16LE(offset);
  const word = (offset: number) => bytes.readUInt32LE(offset);
  const kind = kinds.get(half(0x0) >> 12);
  if (!kind) throw damaged(`the inode ${number} is not in use, though a folder names it`);
  const hasFlag = (mask: number) => (word(0x20) & mask) !== 0;
  // The upper half of other nodes' sizes has another use.
  const isLong = kind === "file" || (kind === "folder" && hasFeature(features, "large_dir"));
  const size = word(0x4) + (isLong ? word(0x6c) * 2 ** 32 : 0);
  if (size > 2 ** 32 * blockSize) throw damaged(`the inode ${number} is larger than a file can be`);
  const isHuge = hasHugeFiles(features);
  const sectors = word(0x1c) + (isHuge ? half(0x74) * 2 ** 32 : 0);
  const extra = bytes.length > oldBytes ? half(0x80) : 0;
  return {
    number,
    kind,
    mode: half(0x0) & 0o7777,
    uid: half(0x2) + half(0x78) * 2 ** 16,
    gid: half(0x18) + half(0x7a) * 2 ** 16,
    size,
    links: half(0x1a),
    allocated: sectors * (isHuge && hasFlag(flags.hugeFile) ? blockSize : 512),
    modified: timeOf(bytes.readInt32LE(0x10), extra >= 12 && bytes.length >= 0x8c ? word(0x88) : 0),
    map: bytes.subarray(0x28, 0x64),
    attributes: extra === 0 ? Buffer.alloc(0) : bytes.subarray(oldBytes + extra),
    hasAttributeBlock: word(0x68) !== 0 || half(0x76) !== 0,
    usesExtents: hasFlag(flags.extents),
    isInline: hasFlag(flags.inlineData),
    isEncrypted: hasFlag(flags.encrypted),
  };
}

/** Two bits of the extra field continue the seconds, after 2038; the others are nanoseconds. */
function timeOf(seconds: number, extra: number): number {
  return (seconds + (extra & 3) * 2 ** 32) * 1000 + (extra >>> 2) / 1e6;
}

/** The numbers of a device, in the encoding of 16 bits or the one of 32 bits. */
export function deviceOf({ map }: Inode): { readonly major: number; readonly minor: number } {
  const old = map.readUInt32LE(0);
  if (old !== 0) return { major: (old >> 8) & 0xff, minor: old & 0xff };
  const wide = map.readUInt32LE(4);
  return { major: (wide >> 8) & 0xfff, minor: (wide & 0xff) | ((wide >>> 12) & 0xfff00) };
}
