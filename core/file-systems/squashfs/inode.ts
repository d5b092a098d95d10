import type { EntryKind } from "../../../shared/contents/entry.ts";
import { damaged } from "../damaged.ts";
import type { MetadataCursor } from "./metadata.ts";

export interface Inode {
  readonly kind: EntryKind;
  readonly mode: number;
  /** Indexes of the table of ids. */
  readonly uid: number;
  readonly gid: number;
  /** Seconds since 1970. */
  readonly modified: number;
  readonly number: number;
  readonly links: number;
  readonly size: number;
  readonly target?: Buffer;
  readonly device?: { readonly major: number; readonly minor: number };
  /** Of a folder: the place of its names in their table. */
  readonly names?: { readonly block: number; readonly offset: number };
  readonly blocks?: FileBlocks;
}

/** The content of a regular file. */
export interface FileBlocks {
  readonly start: number;
  /** Blocks, of which a fragment is none. */
  readonly count: number;
  /** The place of their sizes: those of all files would fill the memory. */
  readonly sizesPlace: { readonly block: number; readonly offset: number };
  /** Bytes that they take in the file system. */
  readonly stored: number;
  readonly fragment: number | undefined;
  readonly fragmentOffset: number;
}

const kinds: readonly EntryKind[] = [
  "folder",
  "file",
  "symlink",
  "block-device",
  "char-device",
  "fifo",
  "socket",
];
const noFragment = 0xffff_ffff;
const longestTarget = 64 * 1024;
/** 16 MiB of memory: a file of 512 GiB with the usual blocks. */
const mostBlocks = 2 ** 22;

export async function readInode(cursor: MetadataCursor, blockSize: number, name: string): Promise<Inode> {
  const head = await cursor.read(16);
  const type = head.readUInt16LE();
  const kind = kinds[(type - 1) % kinds.length];
  if (type < 1 || type > 2 * kinds.length || !kind) throw damaged(`${name} has the unknown type ${type}`);
  const common = {
    kind,
    mode: head.readUInt16LE(2) & 0o7777,
    uid: head.readUInt16LE(4),
    gid: head.readUInt16LE(6),
    modified: head.readUInt32LE(8),
    number: head.readUInt32LE(12),
    size: 0,
  };
  const isLong = type > kinds.length;
  if (kind === "folder") return { ...common, ...(await readFolder(cursor, isLong)) };
  if (kind === "file") return { ...common, ...(await readFile(cursor, isLong, blockSize, name)) };
  const links = (await cursor.read(4)).readUInt32LE();
  if (kind === "symlink") {
    const size = (await cursor.read(4)).readUInt32LE();
    if (size > longestTarget) throw damaged(`${name} has a target of ${size} bytes`);
    return { ...common, links, size, target: Buffer.from(await cursor.read(size)) };
  }
  if (kind === "fifo" || kind === "socket") return { ...common, links };
  const device = (await cursor.read(4)).readUInt32LE();
  const minor = (device & 0xff) | ((device >>> 12) & 0xfff00);
  return { ...common, links, device: { major: (device >>> 8) & 0xfff, minor } };
}

async function readFolder(cursor: MetadataCursor, isLong: boolean) {
  const bytes = await cursor.read(isLong ? 24 : 16);
  if (isLong)
    return {
      links: bytes.readUInt32LE(),
      size: bytes.readUInt32LE(4),
      names: { block: bytes.readUInt32LE(8), offset: bytes.readUInt16LE(18) },
    };
  return {
    links: bytes.readUInt32LE(4),
    size: bytes.readUInt16LE(8),
    names: { block: bytes.readUInt32LE(), offset: bytes.readUInt16LE(10) },
  };
}

async function readFile(cursor: MetadataCursor, isLong: boolean, blockSize: number, name: string) {
  const bytes = await cursor.read(isLong ? 40 : 16);
  const start = isLong ? Number(bytes.readBigUInt64LE()) : bytes.readUInt32LE();
  const size = isLong ? Number(bytes.readBigUInt64LE(8)) : bytes.readUInt32LE(12);
  const links = isLong ? bytes.readUInt32LE(24) : 1;
  const fragment = bytes.readUInt32LE(isLong ? 28 : 4);
  const fragmentOffset = bytes.readUInt32LE(isLong ? 32 : 8);
  const hasFragment = fragment !== noFragment;
  const count = hasFragment ? Math.floor(size / blockSize) : Math.ceil(size / blockSize);
  if (count > mostBlocks) throw damaged(`${name} has ${size} bytes, more than Tinsmith reads`);
  const sizesPlace = cursor.place;
  let stored = 0;
  for await (const sizes of readSizes(cursor, count)) for (const size of sizes) stored += size & sizeMask;
  return {
    links,
    size,
    blocks: {
      ...{ start, count, sizesPlace, stored },
      ...{ fragment: hasFragment ? fragment : undefined, fragmentOffset },
    },
  };
}

/** The bits of a block's size; another one says that it is not compressed. */
export const sizeMask = (1 << 24) - 1;

/** The stored sizes of a file's blocks, some at once. */
export async function* readSizes(cursor: MetadataCursor, count: number): AsyncGenerator<Uint32Array> {
  for (let done = 0; done < count; ) {
    const part = await cursor.read(4 * Math.min(2048, count - done));
    const sizes = Uint32Array.from({ length: part.length / 4 }, (_, index) => part.readUInt32LE(4 * index));
    yield sizes;
    done += sizes.length;
  }
}
