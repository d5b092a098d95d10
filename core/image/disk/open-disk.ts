import type { FileHandle } from "node:fs/promises";
import { AppError } from "../../../shared/errors/errors.ts";
import { imageSizeLimit } from "../../../shared/library/image-archive.ts";
import { openRegularFile } from "../../files/regular-file.ts";
import { allocatedExtents, type DiskReader } from "./disk-data.ts";
import { requireRawDisk, virtualSizeOfRaw } from "./disk-image.ts";
import { type Extent, ExtentList } from "./extents.ts";
import { checkForeignDisk } from "./foreign-disk.ts";
import { type LayerPart, mapLayer } from "./layer-map.ts";
import { checkGrownLayer, checkLayerOfMoments, qcow2HeaderLimit, readQcow2Header } from "./qcow2-header.ts";
import { mapSnapshot } from "./snapshot-map.ts";

/** A raw disk; one whose changes are in a qcow2 layer; or a qcow2 that needs no other file: absolute paths. */
export type DiskFiles = { readonly path: string } | LayeredDisk | { readonly qcow2: string };

interface LayeredDisk {
  readonly layer: string;
  /** One that is open is closed with this one. */
  readonly backing: string | OpenDisk;
  /** QEMU's name of a moment that it has kept in the layer: the disk is as it was then, and a virtual machine may have it open. */
  readonly snapshot?: string | undefined;
}

/** A disk that is read as a whole, wherever its bytes are. */
export interface OpenDisk extends DiskReader, AsyncDisposable {
  /** Bytes. */
  readonly size: number;
  /**
   * The parts that may hold other bytes than zeros; to be called before it is read.
   *
   * @throws AppError `command-failed` when qemu-img can't open it, such as when a virtual machine has it open;
   *   `invalid-archive` as `mapLayer` does
   */
  allocated(signal?: AbortSignal): Promise<ExtentList>;
  /** Whether its files are as they were when it was opened. */
  isUnchanged(): Promise<boolean>;
}

/**
 * Opens a disk that no virtual machine uses. One with a layer may be larger than the disk below it, and ends in zeros then.
 *
 * @throws AppError `missing-file`, `no-permission`; `invalid-archive` as `checkGrownLayer` and `mapSnapshot`; `usage` as
 *   `checkForeignDisk`
 */
export async function openDisk(files: DiskFiles): Promise<OpenDisk> {
  if ("qcow2" in files) return await openQcow2(files.qcow2);
  if ("path" in files) {
    const raw = await openRaw(files.path);
    const allocated = async (signal?: AbortSignal) => {
      await requireRawDisk(files.path, signal);
      return await raw.allocated(signal);
    };
    return { ...raw, allocated };
  }
  await using cleanup = new AsyncDisposableStack();
  const raw = cleanup.use(typeof files.backing === "string" ? await openRaw(files.backing) : files.backing);
  const layer = cleanup.use(await openRegularFile(files.layer));
  const isLayerUnchanged = await watchFile(layer);
  const start = await readStart(layer);
  if (files.snapshot !== undefined) checkLayerOfMoments(start);
  const moment =
    files.snapshot === undefined ? undefined : await mapSnapshot(layer, files.snapshot, imageSizeLimit);
  const virtualSize = moment?.size ?? checkGrownLayer(start, virtualSizeOfRaw(raw.size));
  const owned = cleanup.move();
  let parts = moment?.parts ?? [];
  return {
    size: virtualSize,
    read: (...where) => readMerged({ raw, layer, parts }, where),
    allocated: async (signal) => {
      if (!moment) parts = await mapLayer(files.layer, signal);
      return mergeExtents(await raw.allocated(signal), parts);
    },
    isUnchanged: async () => (await raw.isUnchanged()) && (await isLayerUnchanged()),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function openRaw(path: string): Promise<OpenDisk> {
  await using cleanup = new AsyncDisposableStack();
  const raw = cleanup.use(await openRegularFile(path));
  const { size } = await raw.stat();
  const isUnchanged = await watchFile(raw);
  const owned = cleanup.move();
  return {
    size,
    read: (...where) => raw.read(...where),
    allocated: (signal) => allocatedExtents(raw, size, { signal }),
    isUnchanged,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function openQcow2(path: string): Promise<OpenDisk> {
  await using cleanup = new AsyncDisposableStack();
  const layer = cleanup.use(await openRegularFile(path));
  const start = await readStart(layer);
  checkForeignDisk(start, path, "read");
  const isUnchanged = await watchFile(layer);
  const owned = cleanup.move();
  let parts: readonly LayerPart[] = [];
  return {
    size: readQcow2Header(start).virtualSize,
    read: (...where) => readMerged({ layer, parts }, where),
    allocated: async (signal) => {
      parts = await mapLayer(path, signal, () => compressedQcow2(path));
      return mergeExtents([], parts);
    },
    isUnchanged,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function compressedQcow2(path: string): AppError {
  return new AppError({
    code: "usage",
    message: `${path} has compressed data, which Tinsmith reads only in an import`,
    advice: importFirst(path),
  });
}

/** The advice for a disk that can't be read as it is. */
export function importFirst(path: string): string {
  return `Make an image of it first: tinsmith import ${path} NAME.tar.lz4`;
}

async function readStart(layer: FileHandle): Promise<Buffer> {
  const { buffer, bytesRead } = await layer.read(Buffer.alloc(qcow2HeaderLimit), 0, qcow2HeaderLimit, 0);
  return buffer.subarray(0, bytesRead);
}

/** Finds out later whether a file is as it is now. */
export async function watchFile(file: FileHandle): Promise<() => Promise<boolean>> {
  const before = await file.stat();
  return async () => {
    const { size, mtimeMs } = await file.stat();
    return size === before.size && mtimeMs === before.mtimeMs;
  };
}

interface MergedFiles {
  /** Absent for a disk without one below it. */
  readonly raw?: OpenDisk;
  readonly layer: FileHandle;
  readonly parts: readonly LayerPart[];
}

/** Reads a run of bytes from the file that decides it. */
async function readMerged(
  { raw, layer, parts }: MergedFiles,
  [target, offset, length, position]: Parameters<DiskReader["read"]>,
): Promise<{ readonly bytesRead: number }> {
  const part = parts[firstPartAfter(parts, position)];
  if (!part || position < part.start) {
    const ofRaw = Math.min(length, (part?.start ?? Number.POSITIVE_INFINITY) - position);
    if (raw && position < raw.size) return await raw.read(target, offset, ofRaw, position);
    target.fill(0, offset, offset + ofRaw);
    return { bytesRead: ofRaw };
  }
  const inPart = position - part.start;
  const bytesRead = Math.min(length, part.length - inPart);
  if (part.offset !== undefined) {
    const read = await layer.read(target, offset, bytesRead, part.offset + inPart);
    if (read.bytesRead > 0) return read;
  }
  // QEMU, too, reads zeros after the end of the layer's file.
  target.fill(0, offset, offset + bytesRead);
  return { bytesRead };
}

/** The index of the first part that ends after a position. */
function firstPartAfter(parts: readonly LayerPart[], position: number): number {
  let low = 0;
  for (let high = parts.length; low < high; ) {
    const middle = (low + high) >> 1;
    const { start = 0, length = 0 } = parts[middle] ?? {};
    if (start + length <= position) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The extents of the backing disk where the layer doesn't decide, and those of the layer. */
function mergeExtents(backing: Iterable<Extent>, parts: readonly LayerPart[]): ExtentList {
  const merged = new ExtentList();
  let done = 0;
  let next = 0;
  const add = (start: number, end: number) => {
    if (start < end) merged.add(start, end - start);
  };
  /** Adds the parts that start before a position. */
  const addParts = (before: number) => {
    for (; next < parts.length; next++) {
      const { start, length, offset } = parts[next] as LayerPart;
      if (start >= before) return;
      if (offset !== undefined) add(start, start + length);
      done = start + length;
    }
  };
  for (const { start, length } of backing) {
    const end = start + length;
    for (let from = start; from < end; ) {
      addParts(from + 1);
      from = Math.max(from, done);
      const to = Math.min(end, parts[next]?.start ?? end);
      add(from, to);
      from = Math.max(from, to);
    }
  }
  addParts(Number.POSITIVE_INFINITY);
  return merged;
}
