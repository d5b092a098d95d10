import { damaged } from "../damaged.ts";
import { readExactly } from "../read-exactly.ts";
import { findRuns } from "./block-map.ts";
import { type FolderRecord, parseRecords } from "./folder-records.ts";
import { findInlineData } from "./inline-data.ts";
import type { Inode } from "./inode.ts";
import type { Volume } from "./volume.ts";

/** Bytes at the beginning of a folder in its inode: the number of its parent. */
const parentBytes = 4;

/**
 * Reads the names in a folder, block by block. The blocks of its index look like empty ones.
 *
 * @throws AppError `damaged-file-system`
 */
export async function* readFolder(volume: Volume, folder: Inode): AsyncGenerator<readonly FolderRecord[]> {
  const { superblock } = volume;
  if (folder.isInline) {
    const { first, rest } = findInlineData(folder);
    yield parseRecords(first.subarray(parentBytes), folder, superblock);
    yield parseRecords(rest, folder, superblock);
    return;
  }
  for await (const block of readBlocks(volume, folder)) yield parseRecords(block, folder, superblock);
}

/**
 * The blocks of a folder. Each block of the disk comes once, so that a damaged map can't make a folder longer than the data
 * on the disk.
 */
async function* readBlocks(volume: Volume, folder: Inode): AsyncGenerator<Buffer> {
  const { blockSize, blocks } = volume.superblock;
  const place = `the folder of inode ${folder.number}`;
  const count = Math.ceil(folder.size / blockSize);
  if (count > blocks) throw damaged(`${place} is longer than the file system`);
  const seen = new Set<number>();
  for await (const { start, length } of findRuns(volume, folder, 0, count)) {
    if (start === undefined) throw damaged(`${place} has a hole`);
    for (let block = start; block < start + length; block++) {
      if (seen.has(block)) throw damaged(`${place} has the block ${block} twice`);
      seen.add(block);
    }
    const bytes = await readExactly(volume.source, start * blockSize, length * blockSize, place);
    for (let at = 0; at < bytes.length; at += blockSize) yield bytes.subarray(at, at + blockSize);
  }
}
