import type { ByteSource } from "../byte-source.ts";
import { damaged } from "../damaged.ts";
import { findInodeTable } from "./group-descriptors.ts";
import { type Inode, parseInode } from "./inode.ts";
import { createMetadata, type Metadata } from "./metadata.ts";
import type { Superblock } from "./superblock.ts";

/** An ext file system whose superblock was read. */
export interface Volume {
  readonly source: ByteSource;
  readonly superblock: Superblock;
  readonly metadata: Metadata;
  /** Reads an inode. @throws AppError `damaged-file-system` */
  readInode(number: number): Promise<Inode>;
}

/** Gives access to the parts of a file system. */
export function createVolume(source: ByteSource, superblock: Superblock): Volume {
  const metadata = createMetadata(source);
  const { inodes, inodesPerGroup, inodeSize, blockSize } = superblock;
  let latest: { readonly group: number; readonly table: number } | undefined;
  const readInode = async (number: number) => {
    if (number < 1 || number > inodes) throw damaged(`the inode ${number} is outside of the file system`);
    const group = Math.floor((number - 1) / inodesPerGroup);
    // The inodes of a folder are mostly in one group.
    if (latest?.group !== group) latest = { group, table: await findInodeTable(metadata, superblock, group) };
    const { table } = latest;
    const offset = table * blockSize + ((number - 1) % inodesPerGroup) * inodeSize;
    return parseInode(number, await metadata.read(offset, inodeSize, `the inode ${number}`), superblock);
  };
  return { source, superblock, metadata, readInode };
}

/** Blocks of a file that are next to each other on the disk. */
export interface Run {
  /** The first block on the disk; undefined for a hole, or for blocks that were never written. */
  readonly start: number | undefined;
  /** Blocks, at least one. */
  readonly length: number;
}

/** Checks that blocks are within the file system. @param place names the file, such as "the inode 12" */
export function checkBlocks({ superblock }: Volume, start: number, length: number, place: string): void {
  if (start <= superblock.firstBlock || start + length > superblock.blocks)
    throw damaged(`${place} has the block ${start}, which is outside of the file system`);
}
