import { lstat } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { AppError } from "../../shared/errors/errors.ts";
import { explainDiskError, targetExists } from "../files/disk-errors.ts";
import { PartialFile } from "../files/writing/partial-file.ts";
import { fileHeader, tarEnd } from "../image/tar/sparse-tar-writer.ts";
import { tarPadding } from "../image/tar/tar-header.ts";

/** A file of an archive that is being written. */
export interface TarEntry {
  readonly name: string;
  /** Bytes that reading it gives. */
  readonly size: number;
  readonly read: () => AsyncIterable<Uint8Array>;
}

interface WriteOptions {
  readonly signal: AbortSignal;
  /** Whether it may take the place of a file that is there. */
  readonly mayReplace: boolean;
}

/**
 * Writes a compressed tar archive, which has its name only when it is whole.
 *
 * @returns its bytes. @throws AppError `file-exists`, and for what the disk refuses; the signal's reason when it aborts
 */
export async function writeTarGz(
  target: string,
  entries: readonly TarEntry[],
  { signal, mayReplace }: WriteOptions,
): Promise<number> {
  signal.throwIfAborted();
  const explain = (error: unknown) => Promise.reject(explainDiskError(target, error));
  if (!mayReplace && (await lstat(target).catch(() => undefined))) throw targetExists(target);
  await using file = await PartialFile.create(target).catch(explain);
  // It contains data that only its user may see.
  await file.setMode(0o600);
  let bytes = 0;
  const write = async (blocks: AsyncIterable<Buffer>) => {
    for await (const block of blocks) {
      await file.write(block, bytes);
      bytes += block.length;
    }
  };
  await pipeline(tarBlocks(entries), createGzip(), write, { signal }).catch(explain);
  await file.sync().catch(explain);
  signal.throwIfAborted();
  await (mayReplace ? file.commit() : file.commitAsNew()).catch(explain);
  return bytes;
}

async function* tarBlocks(entries: readonly TarEntry[]): AsyncGenerator<Uint8Array, void, void> {
  for (const { name, size, read } of entries) {
    yield fileHeader(name, size);
    let passed = 0;
    for await (const block of read()) {
      passed += block.length;
      yield block;
    }
    if (passed !== size) throw changed(name);
    yield Buffer.alloc(tarPadding(size));
  }
  yield tarEnd;
}

function changed(name: string): AppError {
  return new AppError({
    code: "file-changed",
    message: `${name} has changed while it was exported`,
    advice: "Export it again.",
  });
}
