import type { ByteSource } from "../byte-source.ts";
import { damaged } from "../damaged.ts";
import { type Features, hasFeature } from "./features.ts";

/** The superblock of an ext file system: its sizes, which contradict neither each other nor the format. */
export interface Superblock {
  readonly features: Features;
  /** Bytes of a block: 1 to 64 KiB. */
  readonly blockSize: number;
  readonly blocks: number;
  readonly freeBlocks: number;
  /** The first block of the first group. */
  readonly firstBlock: number;
  readonly blocksPerGroup: number;
  readonly groups: number;
  /** Bytes of a cluster, the unit in which blocks are allocated. */
  readonly clusterSize: number;
  readonly inodes: number;
  readonly inodesPerGroup: number;
  /** Bytes of an inode: 128, or a higher power of two. */
  readonly inodeSize: number;
  /** Bytes of a group descriptor. */
  readonly descriptorSize: number;
  /** The first block of descriptors that is in its own groups. */
  readonly firstMetaBlock: number;
  /** The groups that have copies of the superblock, if it has only two. */
  readonly backupGroups: readonly number[];
  readonly label: string;
  /** Whether it was unmounted, or has a journal. */
  readonly isClean: boolean;
  /** Whether a kernel has found errors in it. */
  readonly hasErrors: boolean;
}

const superblockOffset = 1024;
const superblockBytes = 1024;
const magic = 0xef53;
const maxBlockSize = 64 * 1024;

/**
 * Reads the superblock, whose layout is in Documentation/filesystems/ext4/super.rst of Linux.
 *
 * @returns undefined without its magic
 * @throws AppError `damaged-file-system`
 */
export async function readSuperblock(source: ByteSource): Promise<Superblock | undefined> {
  const bytes = await source.read(superblockOffset, superblockBytes);
  if (bytes.length < superblockBytes || bytes.readUInt16LE(0x38) !== magic) return undefined;
  const superblock = parse(bytes);
  const problem = findProblem(superblock);
  if (problem) throw damaged(`the superblock is damaged: ${problem}`);
  return superblock;
}

function parse(bytes: Buffer): Superblock {
  const word = (offset: number) => bytes.readUInt32LE(offset);
  const features = { compatible: word(0x5c), incompatible: word(0x60), readOnly: word(0x64) };
  const is64bit = hasFeature(features, "64bit");
  const wide = (low: number, high: number) => word(low) + (is64bit ? word(high) * 2 ** 32 : 0);
  const blockSize = 1024 * 2 ** word(0x18);
  const blocks = wide(0x4, 0x150);
  const firstBlock = word(0x14);
  const blocksPerGroup = word(0x20);
  const state = bytes.readUInt16LE(0x3a);
  const label = bytes.subarray(0x78, 0x88);
  const end = label.indexOf(0);
  return {
    features,
    blockSize,
    blocks,
    freeBlocks: wide(0xc, 0x158),
    firstBlock,
    blocksPerGroup,
    groups: Math.ceil((blocks - firstBlock) / blocksPerGroup),
    // Without bigalloc this was the size of a fragment, which is that of a block.
    clusterSize: 1024 * 2 ** word(0x1c),
    inodes: word(0x0),
    inodesPerGroup: word(0x28),
    // Revision 0 has no field for it.
    inodeSize: word(0x4c) === 0 ? 128 : bytes.readUInt16LE(0x58),
    descriptorSize: is64bit ? bytes.readUInt16LE(0xfe) : 32,
    firstMetaBlock: word(0x104),
    backupGroups: [word(0x24c), word(0x250)],
    label: label.toString("utf8", 0, end < 0 ? label.length : end),
    isClean: (state & 1) !== 0,
    hasErrors: (state & 2) !== 0,
  };
}

/** The first number that contradicts the others. */
function findProblem(superblock: Superblock): string | undefined {
  const { blockSize, blocks, firstBlock, blocksPerGroup, groups, inodes, inodesPerGroup } = superblock;
  const { inodeSize, descriptorSize } = superblock;
  if (blockSize > maxBlockSize) return "it names an impossible size of blocks";
  if (blocks * blockSize > Number.MAX_SAFE_INTEGER) return `its ${blocks} blocks are more than fit on a disk`;
  if (firstBlock > (blockSize === 1024 ? 1 : 0) || blocks <= firstBlock) return "it names no blocks";
  if (blocksPerGroup === 0) return "its groups have no blocks";
  if (!isPowerOfTwo(inodeSize, 128, blockSize)) return `its inodes can't have ${inodeSize} bytes`;
  if (!isPowerOfTwo(descriptorSize, hasFeature(superblock.features, "64bit") ? 64 : 32, 1024))
    return `its group descriptors can't have ${descriptorSize} bytes`;
  if (inodesPerGroup === 0 || inodesPerGroup > 8 * blockSize)
    return "its groups have an impossible number of inodes";
  if (inodes > groups * inodesPerGroup) return `its ${inodes} inodes are more than fit in its groups`;
  return undefined;
}

function isPowerOfTwo(value: number, least: number, most: number): boolean {
  return value >= least && value <= most && (value & (value - 1)) === 0;
}
