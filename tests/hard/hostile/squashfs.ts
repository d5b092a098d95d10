import { deflateSync } from "node:zlib";
import type { HostileImage } from "./hostile-image.ts";

const metadataBytes = 8192;

/** Metadata as squashfs has it: compressed in blocks of 8 KiB, each behind its size. */
function metadata(content: Buffer): Buffer {
  const blocks: Buffer[] = [];
  for (let at = 0; at < content.length; at += metadataBytes) {
    const block = deflateSync(content.subarray(at, at + metadataBytes));
    const head = Buffer.alloc(2);
    head.writeUInt16LE(block.length);
    blocks.push(head, block);
  }
  return Buffer.concat(blocks);
}

interface Parts {
  readonly inodes: Buffer;
  readonly folders: Buffer;
  /** The inode of the root, in its only metadata block. */
  readonly root?: number;
  readonly data?: Buffer;
}

const superblockBytes = 96;
const blockSize = 2 ** 20;

/** A squashfs of these parts, with one user. */
function squashfs({ inodes, folders, root = 0, data = Buffer.alloc(0) }: Parts): Buffer {
  const [inodeTable, folderTable, ids] = [metadata(inodes), metadata(folders), metadata(Buffer.alloc(4))];
  const inodeStart = superblockBytes + data.length;
  const folderStart = inodeStart + inodeTable.length;
  const idStart = folderStart + folderTable.length;
  const idPlace = Buffer.alloc(8);
  idPlace.writeBigUInt64LE(BigInt(idStart));
  const end = idStart + ids.length;
  const head = Buffer.alloc(superblockBytes);
  head.write("hsqs");
  head.writeUInt32LE(100, 4);
  head.writeUInt32LE(blockSize, 12);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(20, 22);
  head.writeUInt16LE(1, 26);
  head.writeUInt16LE(4, 28);
  head.writeUInt16LE(root, 32);
  const places = { 40: end + 8, 48: end, 64: inodeStart, 72: folderStart };
  for (const [at, place] of Object.entries(places)) head.writeBigUInt64LE(BigInt(place), Number(at));
  head.fill(0xff, 56, 64);
  head.fill(0xff, 80, 96);
  return Buffer.concat([head, data, inodeTable, folderTable, ids, idPlace]);
}

/** The inode of a folder whose names are at the beginning of their table. */
function folderInode(size: number, number = 1): Buffer {
  const inode = Buffer.alloc(40);
  inode.writeUInt16LE(8);
  inode.writeUInt16LE(0o755, 2);
  inode.writeUInt32LE(number, 12);
  inode.writeUInt32LE(2, 16);
  inode.writeUInt32LE(size + 3, 20);
  return inode;
}

/** The inode of a file, followed by the sizes of its blocks. */
function fileInode(size: bigint, sizes: Buffer): Buffer {
  const inode = Buffer.alloc(56);
  inode.writeUInt16LE(9);
  inode.writeUInt16LE(0o644, 2);
  inode.writeUInt32LE(2, 12);
  inode.writeBigUInt64LE(BigInt(superblockBytes), 16);
  inode.writeBigUInt64LE(size, 24);
  inode.writeUInt32LE(1, 40);
  inode.fill(0xff, 44, 48);
  return Buffer.concat([inode, sizes]);
}

/** Names that all lead to one inode. */
function names(count: number, inodeOffset: number, prefix: string): Buffer {
  const rows: Buffer[] = [];
  for (let done = 0; done < count; done += 256) {
    const row = Math.min(256, count - done);
    const head = Buffer.alloc(12);
    head.writeUInt32LE(row - 1);
    rows.push(head);
    for (let index = 0; index < row; index += 1) {
      const name = Buffer.from(`${prefix}${(done + index).toString(36).padStart(4, "0")}`);
      const entry = Buffer.alloc(8);
      entry.writeUInt16LE(inodeOffset);
      entry.writeUInt16LE(2, 4);
      entry.writeUInt16LE(name.length - 1, 6);
      rows.push(entry, name);
    }
  }
  return Buffer.concat(rows);
}

function filesOf(count: number, file: Buffer, data?: Buffer, prefix = "file"): Buffer {
  const folders = names(count, 40, prefix);
  const inodes = Buffer.concat([folderInode(folders.length), file]);
  return squashfs({ inodes, folders, ...(data && { data }) });
}

const mostBlocks = 4_000_000;

/** Squashfs file systems that are much smaller than what they claim to have. */
export const squashfsImages: Readonly<Record<string, HostileImage>> = {
  "a squashfs with many files of 4 TiB of holes": () =>
    filesOf(4, fileInode(BigInt(mostBlocks) * BigInt(blockSize), Buffer.alloc(4 * mostBlocks))),
  "a squashfs with a file of 500 MiB in blocks of zeros": () => {
    const block = deflateSync(Buffer.alloc(blockSize), { level: 9 });
    const count = 500;
    const sizes = Buffer.alloc(4 * count);
    for (let at = 0; at < sizes.length; at += 4) sizes.writeUInt32LE(block.length, at);
    const data = Buffer.concat(Array.from({ length: count }, () => block));
    return filesOf(1, fileInode(BigInt(count) * BigInt(blockSize), sizes), data);
  },
  "a squashfs whose block has more than its size": () => {
    const block = deflateSync(Buffer.alloc(64 * blockSize), { level: 9 });
    const sizes = Buffer.alloc(4);
    sizes.writeUInt32LE(block.length);
    return filesOf(1, fileInode(BigInt(blockSize), sizes), block);
  },
  "a squashfs whose folder contains itself": () => {
    const folders = names(1, 0, "loop");
    return squashfs({ inodes: folderInode(folders.length), folders });
  },
  "a squashfs with a folder of 260,000 names": () => filesOf(260_000, fileInode(0n, Buffer.alloc(0))),
  "a squashfs with a file of 8 EiB": () => filesOf(1, fileInode(2n ** 63n - 1n, Buffer.alloc(4))),
  "a squashfs with names behind the end of their folder": () =>
    squashfs({ inodes: folderInode(0xffff_fff0), folders: names(3, 0, "x") }),
  "a squashfs of squashfs of squashfs": () => {
    let inner = filesOf(2, fileInode(0n, Buffer.alloc(0)));
    for (let level = 0; level < 12; level += 1) {
      const sizes = Buffer.alloc(4);
      sizes.writeUInt32LE(inner.length | (1 << 24));
      const file = fileInode(BigInt(inner.length), sizes);
      const folders = Buffer.from(names(2, 40, "a"));
      folders.write(".tcz", folders.length - 4);
      inner = squashfs({ inodes: Buffer.concat([folderInode(folders.length), file]), folders, data: inner });
    }
    return inner;
  },
};
