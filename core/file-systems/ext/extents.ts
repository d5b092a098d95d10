import { damaged } from "../damaged.ts";
import type { Inode } from "./inode.ts";
import { checkBlocks, type Run, type Volume } from "./volume.ts";

const magic = 0xf30a;
/** Levels of nodes below the inode: more are never needed. */
const maxDepth = 5;
/** Bytes of the head of a node, and of each entry. */
const entryBytes = 12;
/** Blocks of an extent; a higher number stands for blocks that were never written. */
const maxLength = 32768;
/** Blocks of a file. */
const maxBlocks = 2 ** 32;

/**
 * Finds the extent that has a block of a file. The layout is in Documentation/filesystems/ext4/ifork.rst of Linux.
 *
 * @throws AppError `damaged-file-system`
 */
export async function findInExtents(volume: Volume, { number, map }: Inode, block: number): Promise<Run> {
  const { blockSize } = volume.superblock;
  const place = `the extent tree of inode ${number}`;
  let node = map;
  let depth = checkNode(node, place);
  // The first block that a later entry has.
  let limit = maxBlocks;
  for (;;) {
    const count = node.readUInt16LE(2);
    const index = lastUpTo(node, count, block);
    if (index + 1 < count) limit = Math.min(limit, node.readUInt32LE((index + 2) * entryBytes));
    const hole: Run = { start: undefined, length: Math.max(1, limit - block) };
    if (index < 0) return hole;
    const at = (index + 1) * entryBytes;
    if (depth === 0) return extentAt(volume, node.subarray(at), block, limit, place) ?? hole;
    const child = node.readUInt32LE(at + 4) + node.readUInt16LE(at + 8) * 2 ** 32;
    checkBlocks(volume, child, 1, place);
    node = await volume.metadata.read(child * blockSize, blockSize, place);
    // The depth falls with each node, so that there are no cycles.
    if (checkNode(node, place) !== --depth) throw damaged(`${place} has a node at a wrong depth`);
  }
}

/** Checks the head of a node. @returns its depth */
function checkNode(node: Buffer, place: string): number {
  const depth = node.readUInt16LE(6);
  if (node.readUInt16LE(0) !== magic) throw damaged(`${place} has a node without a head`);
  if ((1 + node.readUInt16LE(2)) * entryBytes > node.length)
    throw damaged(`${place} has a node with too many entries`);
  if (depth > maxDepth) throw damaged(`${place} is deeper than ${maxDepth} levels`);
  return depth;
}

/** The index of the last entry that begins at a block or before it; -1 if there is none. */
function lastUpTo(node: Buffer, count: number, block: number): number {
  let low = -1;
  let high = count;
  // Even if the entries are in disorder, the one behind "low" begins after the block.
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (node.readUInt32LE((middle + 1) * entryBytes) <= block) low = middle;
    else high = middle;
  }
  return low;
}

/** The rest of an extent from a block on, up to a limit; undefined if the block is behind it. */
function extentAt(
  volume: Volume,
  entry: Buffer,
  block: number,
  limit: number,
  place: string,
): Run | undefined {
  const skipped = block - entry.readUInt32LE(0);
  const coded = entry.readUInt16LE(4);
  const isWritten = coded <= maxLength;
  const length = isWritten ? coded : coded - maxLength;
  if (skipped >= length) return undefined;
  const start = entry.readUInt32LE(8) + entry.readUInt16LE(6) * 2 ** 32;
  checkBlocks(volume, start, length, place);
  return {
    start: isWritten ? start + skipped : undefined,
    length: Math.min(length - skipped, limit - block),
  };
}
