import type { Inode } from "./inode.ts";
import { checkBlocks, type Run, type Volume } from "./volume.ts";

/** Pointers to the blocks of a file that are in its inode. */
const directPointers = 12;
const pointerBytes = 4;

/**
 * Finds a block of a file by the pointers of ext2: those in the inode, and in blocks of up to three levels. The number of
 * levels is fixed, so that there are no cycles.
 *
 * @throws AppError `damaged-file-system`
 */
export async function findInPointers(volume: Volume, { number, map }: Inode, block: number): Promise<Run> {
  const { blockSize } = volume.superblock;
  const place = `the map of inode ${number}`;
  if (block < directPointers)
    return runAt(volume, map.subarray(0, directPointers * pointerBytes), block, place);
  const perBlock = blockSize / pointerBytes;
  let rest = block - directPointers;
  for (let level = 1; level <= 3; level++) {
    // The blocks that the pointer in the inode, or in one of its blocks, leads to.
    let span = perBlock ** level;
    if (rest >= span) {
      rest -= span;
      continue;
    }
    let pointer = map.readUInt32LE((directPointers + level - 1) * pointerBytes);
    while (pointer !== 0) {
      checkBlocks(volume, pointer, 1, place);
      const pointers = await volume.metadata.read(pointer * blockSize, blockSize, place);
      span /= perBlock;
      const index = Math.floor(rest / span);
      if (span === 1) return runAt(volume, pointers, index, place);
      rest %= span;
      pointer = pointers.readUInt32LE(index * pointerBytes);
    }
    return { start: undefined, length: span - rest };
  }
  return { start: undefined, length: 2 ** 32 };
}

/** The run that begins with a pointer: those that follow are one higher each, or all zero. */
function runAt(volume: Volume, pointers: Buffer, index: number, place: string): Run {
  const start = pointers.readUInt32LE(index * pointerBytes);
  const step = start === 0 ? 0 : 1;
  let length = 1;
  for (let at = (index + 1) * pointerBytes; at < pointers.length; at += pointerBytes) {
    if (pointers.readUInt32LE(at) !== start + length * step) break;
    length++;
  }
  if (start === 0) return { start: undefined, length };
  checkBlocks(volume, start, length, place);
  return { start, length };
}
