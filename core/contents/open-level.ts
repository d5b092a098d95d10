import type { ByteSource } from "../file-systems/byte-source.ts";
import { openExt } from "../file-systems/ext/ext.ts";
import { openFat } from "../file-systems/fat/open-fat.ts";
import type { FileSystem, OpenFileSystem } from "../file-systems/file-system.ts";
import { openPartitions } from "./partition-level.ts";

/** In the order in which they are tried: an ISO may also begin with a partition table, and a FAT with its signature. */
const formats: readonly OpenFileSystem[] = [openExt, openFat, openPartitions];

/** The place of decompressed files, and what is to be disposed of when the tree is closed. */
export interface LevelContext {
  readonly folder: string;
  readonly cleanup: AsyncDisposableStack;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Opens what some bytes hold: partitions, a file system, or an archive of files, compressed or not.
 *
 * @returns undefined if they hold nothing of that kind
 * @throws AppError `damaged-file-system`
 */
export async function openLevel(source: ByteSource, _context: LevelContext): Promise<FileSystem | undefined> {
  for (const open of formats) {
    const system = await open(source);
    if (system) return system;
  }
  return undefined;
}
