import { findInExtents } from "./extents.ts";
import type { Inode } from "./inode.ts";
import { findInPointers } from "./pointers.ts";
import type { Run, Volume } from "./volume.ts";

/** A run with its place in the file. */
export interface PlacedRun extends Run {
  /** The first block in the file. */
  readonly block: number;
}

/** Bytes that one read of the disk fetches at most. */
const readBytes = 1024 * 1024;

/**
 * Finds the runs of a part of a file, each no longer than one read fetches.
 *
 * @throws AppError `damaged-file-system`
 */
export async function* findRuns(
  volume: Volume,
  inode: Inode,
  from: number,
  to: number,
): AsyncGenerator<PlacedRun> {
  const find = inode.usesExtents ? findInExtents : findInPointers;
  const most = Math.max(1, readBytes / volume.superblock.blockSize);
  let found: Run | undefined;
  for (let block = from; block < to; ) {
    const { start, length: first } = found ?? (await find(volume, inode, block));
    const end = Math.min(to, block + most);
    let length = first;
    found = undefined;
    while (block + length < end) {
      found = await find(volume, inode, block + length);
      if (found.start !== (start === undefined ? undefined : start + length)) break;
      length += found.length;
      found = undefined;
    }
    length = Math.min(length, end - block);
    yield { block, start, length };
    block += length;
  }
}

/** Runs that are looked at for data: a damaged map may have billions of holes. */
const maxHoles = 10_000;

/** The first block from one on that may have data; the end if there are only holes. @throws AppError `damaged-file-system` */
export async function findData(volume: Volume, inode: Inode, from: number, end: number): Promise<number> {
  const find = inode.usesExtents ? findInExtents : findInPointers;
  let block = from;
  for (let holes = 0; holes < maxHoles && block < end; holes++) {
    const { start, length } = await find(volume, inode, block);
    if (start !== undefined) break;
    block += length;
  }
  return Math.min(block, end);
}
