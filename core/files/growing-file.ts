import { type FileHandle, open } from "node:fs/promises";

/** A file to which bytes are added by this process, and that others read meanwhile. */
export interface GrowingFile {
  readonly path: string;
  /** Whether no more bytes will come. */
  isWhole(): boolean;
  /** Settles when the file may hold more than it did when this was called, or is whole. */
  change(): Promise<void>;
}

/** What whoever writes a file tells its readers. */
export interface GrowingFileWriter extends GrowingFile {
  grown(): void;
  end(): void;
}

export function createGrowingFile(path: string): GrowingFileWriter {
  let whole = false;
  let { promise, resolve } = Promise.withResolvers<void>();
  const tell = () => {
    resolve();
    ({ promise, resolve } = Promise.withResolvers<void>());
  };
  return {
    path,
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
  return { path, isWhole: () => true, change: () => Promise.resolve() };
}

/** Bytes that are read at once. */
const blockBytes = 16 * 1024;

/**
 * Reads a file from a position to its end, and on as it grows, until it is whole or the signal aborts. Nothing is kept
 * for a slow reader: the file is where it waits. A file that is not there is empty.
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
  let handle: FileHandle | undefined;
  try {
    while (!signal.aborted) {
      // Asked before reading: what comes in between is noticed.
      const change = file.change();
      const wasWhole = file.isWhole();
      handle ??= await open(file.path).catch(() => undefined);
      const block = Buffer.allocUnsafe(blockBytes);
      const { bytesRead } = (await handle?.read(block, 0, blockBytes, position)) ?? { bytesRead: 0 };
      position += bytesRead;
      if (bytesRead > 0) yield block.subarray(0, bytesRead);
      else if (wasWhole) return;
      else await Promise.race([change, aborted]);
    }
  } finally {
    await handle?.close();
  }
}
