import type { ByteSource } from "../../file-systems/byte-source.ts";
import { decompress } from "../../file-systems/compressed/decompress.ts";
import { withFollowing } from "../../file-systems/compressed/following.ts";
import { openCpio } from "../../file-systems/cpio/cpio.ts";
import { damaged } from "../../file-systems/damaged.ts";
import { openExt } from "../../file-systems/ext/ext.ts";
import { openFat } from "../../file-systems/fat/open-fat.ts";
import type { FileSystem, OpenFileSystem } from "../../file-systems/file-system.ts";
import { openIso } from "../../file-systems/iso/open-iso.ts";
import { openSquashfs } from "../../file-systems/squashfs/squashfs.ts";
import { openTar } from "../../file-systems/tar/tar.ts";
import { openPartitions } from "./partition-level.ts";
import { limitedSource, requireTime } from "./work-limit.ts";

/** In the order in which they are tried: a disk with partitions may begin with an ISO. */
const formats: readonly OpenFileSystem[] = [
  openExt,
  openSquashfs,
  openFat,
  openPartitions,
  openIso,
  openCpio,
  openTar,
];

/** Compressed files in compressed files: a person's have one or two. */
const maxCompressions = 4;
/** Bytes of content that a compressed file may have, and all that are read for one tree. */
const maxDecompressed = 4 * 1024 ** 3;
const maxDecompressedTogether = 8 * 1024 ** 3;

/** The place of decompressed files, and what is to be disposed of when the tree is closed. */
export interface LevelContext {
  /** Only this user can enter it. */
  readonly folder: string;
  readonly cleanup: AsyncDisposableStack;
  readonly signal?: AbortSignal | undefined;
  /** Bytes of what was decompressed so far. */
  readonly decompressed: { bytes: number };
}

/**
 * Opens what some bytes hold: partitions, a file system, or an archive of files, compressed or not.
 *
 * @returns undefined if they hold nothing of that kind
 * @throws AppError `damaged-file-system`, `missing-tool` without the program for a compression
 */
export async function openLevel(
  source: ByteSource,
  context: LevelContext,
  compressions = 0,
): Promise<FileSystem | undefined> {
  for (const open of formats) {
    const system = await open(source);
    if (system) return system;
  }
  if (compressions === maxCompressions) return undefined;
  const { folder, cleanup, signal, decompressed } = context;
  const onPiece = (bytes: number) => {
    requireTime();
    decompressed.bytes += bytes;
    if (decompressed.bytes > maxDecompressedTogether)
      throw damaged(
        `the compressed files together have more than ${maxDecompressedTogether} bytes of content`,
      );
  };
  const content = await decompress(source, { folder, limitBytes: maxDecompressed, signal, onPiece });
  if (!content) return undefined;
  const system = await openLevel(limitedSource(content), context, compressions + 1).catch(async (error) => {
    await content[Symbol.asyncDispose]();
    throw error;
  });
  if (!system) {
    // Thousands of compressed pages of manuals would have too many files open.
    await content[Symbol.asyncDispose]();
    return undefined;
  }
  cleanup.use(content);
  return await withFollowing(system, source, content.following);
}
