import type { FileHandle } from "node:fs/promises";
import { setImmediate as nextTurn } from "node:timers/promises";
import { AppError } from "../../../shared/errors/errors.ts";
import type { FilePiece } from "../file-piece.ts";
import { type Extent, ExtentList, joinExtents, maximumExtents } from "./extents.ts";
import { dataParts, type Seek, seekIn } from "./seek-data.ts";
import { blockSize, withoutZeroBlocks } from "./zeros.ts";

/** A disk that is read, as a `FileHandle` of a raw one is: one read may give fewer bytes than it was asked for. */
export interface DiskReader {
  read(
    target: Buffer,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ readonly bytesRead: number }>;
}

/** Bytes that one read of the disk fetches at most, and the largest gap that it reads rather than skips. */
const readSize = 1024 * 1024;
const skippedGap = 128 * 1024;

/**
 * The extents of a raw disk for which the file system holds data, rounded to blocks; some may be zeros. The whole
 * disk, when the file system can't tell, or holds more blocks for the file than it reports: data in a wrongly
 * reported hole would be lost.
 *
 * @param size of the disk, in bytes
 * @param seek finds the data
 */
export async function allocatedExtents(
  disk: FileHandle,
  size: number,
  { signal, seek = seekIn(disk.fd) }: AllocatedOptions = {},
): Promise<ExtentList> {
  const everything = new ExtentList();
  if (size > 0) everything.add(0, size);
  const found = await findParts(seek, size, signal);
  if (!found) return everything;
  const { blocks } = await disk.stat();
  const held = Math.min(blocks * heldBlock, size);
  return found.dataSize + allowedDifference(held) < held ? everything : found;
}

interface AllocatedOptions {
  readonly signal?: AbortSignal | undefined;
  readonly seek?: Seek;
}

/** Parts that are asked for before other work has its turn: some milliseconds. */
const partsAtOnce = 4096;

/** Undefined when the file system can't tell, or reports too many parts to be useful. */
async function findParts(seek: Seek, size: number, signal?: AbortSignal): Promise<ExtentList | undefined> {
  const found = new ExtentList();
  let count = 0;
  try {
    for (const { start, length } of dataParts(seek, size)) {
      const from = Math.max(found.end, Math.floor(start / blockSize) * blockSize);
      const to = Math.min(size, Math.ceil((start + length) / blockSize) * blockSize);
      if (from < to) found.add(from, to - from);
      if (++count > maximumExtents) return undefined;
      if (count % partsAtOnce === 0) await nextTurn(undefined, signal ? { signal } : {});
    }
    return found;
  } catch {
    signal?.throwIfAborted();
    return undefined;
  }
}

/** The unit in which a file system counts the blocks of a file: stat(2). */
const heldBlock = 512;

/** A file system also counts blocks for where the data is: at most 1 in 250. */
function allowedDifference(held: number): number {
  return 64 * 1024 + held / 128;
}

interface ScanOptions {
  /**
   * The maximal number of extents; by default as many as readers of archives take, and one for the end of the file.
   */
  readonly maximum?: number;
  /** Called with the number of bytes that were looked at so far. */
  readonly onRead?: (bytes: number) => void;
}

/**
 * The blocks of a disk that are not all zeros: a function of its content alone.
 *
 * A disk with very many small runs of data gets fewer extents with zeros in them: as many as readers take.
 *
 * @param allocated where to look
 */
export async function dataExtents(
  disk: DiskReader,
  allocated: Iterable<Extent>,
  { maximum = maximumExtents - 1, onRead }: ScanOptions = {},
): Promise<ExtentList> {
  let found = new ExtentList();
  let smallestGap = blockSize;
  let done = 0;
  for await (const piece of readExtents(disk, allocated)) {
    for (const { position, bytes } of withoutZeroBlocks(piece)) {
      const near = found.count > 0 && position - found.end < smallestGap;
      const from = near ? found.end : position;
      found.add(from, position + bytes.length - from);
    }
    while (found.count > maximum) {
      smallestGap *= 2;
      found = joinExtents(found, smallestGap);
    }
    done += piece.bytes.length;
    onRead?.(done);
  }
  return found;
}

/** The content of extents, in pieces that stay as they are only until the next one is asked for. */
export async function* readExtents(disk: DiskReader, extents: Iterable<Extent>): AsyncGenerator<FilePiece> {
  const memory = Buffer.allocUnsafe(readSize);
  for (const group of groupExtents(extents)) {
    await readFully(disk, memory.subarray(0, group.end - group.start), group.start);
    for (const { start, length } of group.parts) {
      const at = start - group.start;
      yield { position: start, bytes: memory.subarray(at, at + length) };
    }
  }
}

/** Parts of extents that are near enough to each other for one read. */
interface Group {
  readonly start: number;
  readonly end: number;
  readonly parts: readonly Extent[];
}

function* groupExtents(extents: Iterable<Extent>): Generator<Group> {
  let group: Group | undefined;
  for (const part of cutExtents(extents)) {
    const end = part.start + part.length;
    if (group && part.start - group.end <= skippedGap && end - group.start <= readSize) {
      group = { start: group.start, end, parts: [...group.parts, part] };
    } else {
      if (group) yield group;
      group = { start: part.start, end, parts: [part] };
    }
  }
  if (group) yield group;
}

function* cutExtents(extents: Iterable<Extent>): Generator<Extent> {
  for (const { start, length } of extents) {
    for (let done = 0; done < length; done += readSize) {
      yield { start: start + done, length: Math.min(readSize, length - done) };
    }
  }
}

async function readFully(disk: DiskReader, target: Buffer, position: number): Promise<void> {
  for (let filled = 0; filled < target.length; ) {
    const { bytesRead } = await disk.read(target, filled, target.length - filled, position + filled);
    if (bytesRead === 0) {
      throw new AppError({ code: "busy", message: "the disk became smaller while it was read" });
    }
    filled += bytesRead;
  }
}
