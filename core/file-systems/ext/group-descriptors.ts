import { damaged } from "../damaged.ts";
import { hasFeature, hasFewBackups, hasTwoBackups } from "./features.ts";
import type { Metadata } from "./metadata.ts";
import type { Superblock } from "./superblock.ts";

/** Finds the first block of a group's inode table. @throws AppError `damaged-file-system` */
export async function findInodeTable(
  metadata: Metadata,
  superblock: Superblock,
  group: number,
): Promise<number> {
  const { blockSize, descriptorSize, blocks, firstBlock, inodesPerGroup, inodeSize } = superblock;
  const perBlock = blockSize / descriptorSize;
  const number = Math.floor(group / perBlock);
  const offset =
    descriptorBlock(superblock, number, perBlock) * blockSize + (group % perBlock) * descriptorSize;
  const descriptor = await metadata.read(offset, descriptorSize, `the descriptor of group ${group}`);
  const high = hasFeature(superblock.features, "64bit") ? descriptor.readUInt32LE(0x28) : 0;
  const table = descriptor.readUInt32LE(0x8) + high * 2 ** 32;
  const length = Math.ceil((inodesPerGroup * inodeSize) / blockSize);
  if (table <= firstBlock || table + length > blocks)
    throw damaged(`the inode table of group ${group} is outside of the file system`);
  return table;
}

/** The block that has the descriptors of some groups. */
function descriptorBlock(superblock: Superblock, number: number, perBlock: number): number {
  const { features, blockSize, firstBlock, firstMetaBlock, blocksPerGroup } = superblock;
  const superblockBlock = blockSize === 1024 ? 1 : 0;
  if (!hasFeature(features, "meta_bg") || number < firstMetaBlock) return superblockBlock + 1 + number;
  // In the first of its groups, behind the copy of the superblock. The first group may begin with a boot block.
  const group = number * perBlock;
  const before = group === 0 ? superblockBlock - firstBlock + 1 : Number(hasSuperblock(superblock, group));
  return firstBlock + group * blocksPerGroup + before;
}

/** Whether a group other than the first has a copy of the superblock. */
function hasSuperblock({ features, backupGroups }: Superblock, group: number): boolean {
  if (hasTwoBackups(features)) return backupGroups.includes(group);
  return group === 1 || !hasFewBackups(features) || [3, 5, 7].some((base) => isPowerOf(base, group));
}

function isPowerOf(base: number, value: number): boolean {
  let power = base;
  while (power < value) power *= base;
  return power === value;
}
