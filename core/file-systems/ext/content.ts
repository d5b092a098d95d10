import type { ByteSource } from "../byte-source.ts";
import { damaged } from "../damaged.ts";
import { readExactly } from "../read-exactly.ts";
import { findData, findRuns } from "./block-map.ts";
import { findInlineData } from "./inline-data.ts";
import type { Inode } from "./inode.ts";
import type { Volume } from "./volume.ts";

/** Opens the content of a file or a symbolic link. Holes and blocks that were never written are zeros. */
export function openContent(volume: Volume, inode: Inode): ByteSource {
  const { size, number } = inode;
  if (inode.isInline) return inlineContent(inode);
  const { blockSize, blocks } = volume.superblock;
  let furthest = 0;
  let data = 0;
  /** A damaged map can have the same blocks in all places of a file. */
  const count = (end: number, bytes: number) => {
    if (end <= furthest) return;
    furthest = end;
    data += bytes;
    if (data > blocks * blockSize) throw damaged(`the inode ${number} has more data than the file system`);
  };
  const read = async (offset: number, length: number) => {
    const end = Math.min(size, offset + length);
    if (offset >= end) return Buffer.alloc(0);
    return await readBlocks(volume, inode, { offset, end, onData: (bytes) => count(end, bytes) });
  };
  const nextData = async (offset: number) => {
    const end = Math.ceil(size / blockSize);
    const block = await findData(volume, inode, Math.floor(offset / blockSize), end);
    return Math.min(size, Math.max(offset, block * blockSize));
  };
  return { size, read, nextData };
}

function inlineContent(inode: Inode): ByteSource {
  const { number, size } = inode;
  const { first, rest } = findInlineData(inode);
  if (size > first.length + rest.length)
    throw damaged(`the inode ${number} has less data than its size says`);
  // A copy: the page of the inode table needn't be kept.
  const content = Buffer.concat([first, rest]).subarray(0, size);
  return { size, read: async (offset, length) => content.subarray(offset, offset + length) };
}

interface Part {
  readonly offset: number;
  readonly end: number;
  /** Called with the bytes that are not in holes. */
  readonly onData: (bytes: number) => void;
}

async function readBlocks(volume: Volume, inode: Inode, { offset, end, onData }: Part): Promise<Buffer> {
  const { blockSize } = volume.superblock;
  let target: Buffer | undefined;
  const runs = findRuns(volume, inode, Math.floor(offset / blockSize), Math.ceil(end / blockSize));
  let data = 0;
  for await (const { block, start, length } of runs) {
    if (start === undefined) continue;
    const from = Math.max(offset, block * blockSize);
    const to = Math.min(end, (block + length) * blockSize);
    const bytes = await readExactly(
      volume.source,
      start * blockSize + from - block * blockSize,
      to - from,
      `the content of inode ${inode.number}`,
    );
    data += bytes.length;
    // Most files are in one piece: their bytes are not copied.
    if (from === offset && to === end) target = bytes;
    else {
      target ??= Buffer.alloc(end - offset);
      bytes.copy(target, from - offset);
    }
  }
  onData(data);
  return target ?? Buffer.alloc(end - offset);
}
