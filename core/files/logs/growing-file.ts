import type { FileHandle } from "node:fs/promises";
import { AppError } from "../../../shared/errors/errors.ts";
import { openRegularFile, statusOf } from "../regular-file.ts";
import { describeGap, overQuota } from "./log-tail.ts";

/** The place of some of a growing file's bytes. Positions count all bytes ever written. */
export interface FilePart {
  readonly path: string;
  /** The position of its first byte. */
  readonly start: number;
  /** The position behind its last byte; infinite for the part that still grows. */
  readonly end: number;
  /** The position of its first byte in the file at `path`. */
  readonly offset: number;
}

/** Bytes that this process writes to a file, and to others beside it when that is full; others read them meanwhile. */
export interface GrowingFile {
  readonly path: string;
  /** In their order. Between two of them bytes may be missing, which are not kept. */
  parts(): readonly FilePart[];
  /** Whether no more bytes will come. */
  isWhole(): boolean;
  /** Settles when the file may hold more than it did when this was called, or is whole. */
  change(): Promise<void>;
}

/** The writer's side of a growing file, which notifies its readers. */
export interface GrowingFileWriter extends GrowingFile {
  grown(): void;
  /** Tells that bytes have moved, or are no longer kept. */
  rearranged(parts: readonly FilePart[]): void;
  end(): void;
}

export function createGrowingFile(path: string): GrowingFileWriter {
  let whole = false;
  let parts = onePart(path);
  let { promise, resolve } = Promise.withResolvers<void>();
  const tell = () => {
    resolve();
    ({ promise, resolve } = Promise.withResolvers<void>());
  };
  return {
    path,
    parts: () => parts,
    rearranged: (changed) => {
      parts = changed;
      tell();
    },
    isWhole: () => whole,
    change: () => (whole ? Promise.resolve() : promise),
    grown: tell,
    end: () => {
      whole = true;
      tell();
    },
  };
}

/** A file to which nothing is added any more. */
export function wholeFile(path: string): GrowingFile {
  const parts = onePart(path);
  return { path, parts: () => parts, isWhole: () => true, change: () => Promise.resolve() };
}

function onePart(path: string): readonly FilePart[] {
  return [{ path, start: 0, end: Number.POSITIVE_INFINITY, offset: 0 }];
}

/** How many bytes ever came to a file so far. */
export function printedBytes(file: GrowingFile): number {
  const last = file.parts().at(-1);
  return last ? last.start + Math.max(0, (statusOf(last.path)?.size ?? 0) - last.offset) : 0;
}

/** Bytes that are read at once. */
const blockBytes = 16 * 1024;

/**
 * Reads a file from a position to its end, and on as it grows, until it is whole or the signal aborts. Nothing is
 * kept for a slow reader: the file is where it waits. A file that is not there is empty. A line marks each gap of
 * missing bytes.
 */
export async function* readGrowing(
  file: GrowingFile,
  from: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, void> {
  const aborted = new Promise<void>((resolve) =>
    signal.addEventListener("abort", () => resolve(), { once: true }),
  );
  let position = from;
  let opened: { readonly path: string; readonly handle: FileHandle } | undefined;
  const open = async (path: string) => {
    if (opened?.path === path) return opened.handle;
    await opened?.handle.close();
    opened = undefined;
    const handle = await openUnlessMissing(path);
    if (handle) opened = { path, handle };
    return handle;
  };
  try {
    while (!signal.aborted) {
      // Asked before reading, so that changes in between are noticed.
      const change = file.change();
      const wasWhole = file.isWhole();
      const part = partAt(file, position);
      if (position < part.start) {
        yield Buffer.from(describeGap(part.start - position, overQuota));
        position = part.start;
      }
      const handle = await open(part.path);
      const block = Buffer.allocUnsafe(Math.min(blockBytes, part.end - position));
      const at = part.offset + position - part.start;
      const { bytesRead } = (await handle?.read(block, 0, block.length, at)) ?? { bytesRead: 0 };
      position += bytesRead;
      if (bytesRead > 0) yield block.subarray(0, bytesRead);
      else if (wasWhole) return;
      else await Promise.race([change, aborted]);
    }
  } finally {
    await opened?.handle.close();
  }
}

/** The part that has a position, or the next one behind it. */
function partAt(file: GrowingFile, position: number): FilePart {
  const part = file.parts().find(({ end }) => position < end);
  if (!part) throw new Error(`${file.path} has no part that grows`);
  return part;
}

async function openUnlessMissing(path: string): Promise<FileHandle | undefined> {
  try {
    return await openRegularFile(path);
  } catch (error) {
    if (error instanceof AppError && error.code === "missing-file") return undefined;
    throw error;
  }
}
