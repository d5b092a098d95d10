import type { FileHandle } from "node:fs/promises";
import { z } from "zod";
import { AppError } from "../../shared/errors.ts";
import { runCommand } from "../process.ts";
import { type Extent, ExtentList, joinExtents } from "./extents.ts";
import { maximumExtents } from "./sparse-map.ts";
import type { FilePiece } from "./sparse-tar-reader.ts";
import { blockSize, withoutZeroBlocks } from "./zeros.ts";

/** One read of the disk fetches at most so much, and what it would rather read than skip. */
const readSize = 1024 * 1024;
const skippedGap = 128 * 1024;

const mapSchema = z.array(z.object({ start: z.number(), length: z.number(), data: z.boolean() }));

/**
 * Where the file system holds data of a folder's raw disk.img, rounded to blocks; some of it may be zeros.
 *
 * @param size of the disk, in bytes
 * @throws AppError `command-failed` when qemu-img can't open the disk, such as when a virtual machine has it open.
 */
export async function allocatedExtents(
  folder: string,
  size: number,
  signal?: AbortSignal,
): Promise<ExtentList> {
  const allocated = new ExtentList();
  for (const { start, length, data } of await mapDisk(folder, size, signal)) {
    const from = Math.max(allocated.end, Math.floor(start / blockSize) * blockSize);
    const to = Math.min(size, Math.ceil((start + length) / blockSize) * blockSize);
    if (data && from < to) allocated.add(from, to - from);
  }
  return allocated;
}

async function mapDisk(
  folder: string,
  size: number,
  signal?: AbortSignal,
): Promise<z.output<typeof mapSchema>> {
  const options = { cwd: folder, signal };
  await runCommand(["qemu-img", "info", "-f", "raw", "disk.img"], options);
  try {
    const map = await runCommand(["qemu-img", "map", "--output=json", "-f", "raw", "disk.img"], options);
    return mapSchema.parse(JSON.parse(map));
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "command-failed") throw error;
    // qemu-img can open the disk, but a guest has fragmented it until the map got too long: then we look everywhere.
    return [{ start: 0, length: size, data: true }];
  }
}

interface ScanOptions {
  /** Extents that are wanted at most; else as many as readers of archives take, and one for the end of the file. */
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
  disk: FileHandle,
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
export async function* readExtents(disk: FileHandle, extents: Iterable<Extent>): AsyncGenerator<FilePiece> {
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

async function readFully(disk: FileHandle, target: Buffer, position: number): Promise<void> {
  for (let filled = 0; filled < target.length; ) {
    const { bytesRead } = await disk.read(target, filled, target.length - filled, position + filled);
    if (bytesRead === 0) {
      throw new AppError({ code: "busy", message: "the disk became smaller while it was read" });
    }
    filled += bytesRead;
  }
}
