import { existsSync } from "node:fs";
import { compareLists } from "../../../shared/contents/compare-lists.ts";
import type { FileList } from "../../../shared/contents/file-list.ts";
import { type ImageGrowth, summarizeGrowth } from "../../../shared/contents/growth.ts";
import { toAppError } from "../../../shared/errors/errors.ts";
import type { PackedArchive } from "../../../shared/library/image-archive.ts";
import { listAllFiles } from "../../contents/list-files.ts";
import { openContents, openDiskContents } from "../../contents/tree/open-contents.ts";
import { withinLimit } from "../../contents/tree/work-limit.ts";
import { digestArchive } from "../../image/archive/archive-digest.ts";
import type { DiskFiles } from "../../image/disk/open-disk.ts";
import type { Paths } from "../../storage/paths.ts";
import { keepFileList, recallFileList } from "./file-lists.ts";

interface GrowthContext {
  /** The path of the archive that the disk is packed to. */
  readonly target: string;
  readonly paths: Paths;
  readonly signal: AbortSignal;
  readonly onNote: (text: string) => void;
}

/** The files of an image, and how they differ from those of the one that it replaces. */
interface FoundFiles {
  readonly list: FileList;
  /** Absent if it replaces none. */
  readonly growth?: ImageGrowth | undefined;
}

/** Tells, once an archive is packed, which files it has; undefined if they can't be listed. */
export type FindFiles = (packed: PackedArchive) => Promise<FoundFiles | undefined>;

/**
 * Begins to list the files of a disk, which is packed after that. The image is whole without the list: a disk that can't be read makes
 * a note, and no build fails by it.
 *
 * @returns when the archive that is replaced is no longer needed: tells the files and their growth, and keeps the list for the next image
 */
export async function beginFiles(disk: DiskFiles, context: GrowthContext): Promise<FindFiles> {
  const { target, paths, signal, onNote } = context;
  const listing = listDiskFiles(disk, signal);
  listing.catch(() => {});
  const replacing = listReplaced(context);
  await Promise.allSettled([replacing]);
  return async ({ path, digest }) => {
    try {
      const list = await listing;
      const replaced = await replacing;
      const before = replaced === undefined ? undefined : await recallFileList(paths, target, replaced);
      await keepFileList(paths, path, digest, list);
      return { list, growth: before && summarizeGrowth(compareLists(before, list)) };
    } catch (error) {
      // The archive is there: its build succeeds.
      if (!signal.aborted)
        onNote(
          `The files of the image are not compared with those of the one before: ${toAppError(error).message}.`,
        );
      return undefined;
    }
  };
}

/**
 * Lists the files of the archive that is to be replaced, unless they are known: it may be a copy.
 *
 * @returns its digest; undefined if none is replaced. @throws AppError as `openContents`
 */
async function listReplaced({ target, paths, signal }: GrowthContext): Promise<string | undefined> {
  if (!existsSync(target)) return undefined;
  const digest = await digestArchive(paths, target, signal);
  if (await recallFileList(paths, target, digest)) return digest;
  await using contents = await openContents(paths, target, {
    readsAll: true,
    signal,
    onNote: () => {},
    mayUnpack: () => false,
  });
  const list = await withinLimit(`listing the files of ${target}`, signal, () => listAllFiles(contents));
  // As in the list of a disk.
  const entries = list.entries.filter(({ path }) => path !== "/machine.json");
  await keepFileList(paths, target, digest, { ...list, entries });
  return digest;
}

/** Lists all files of a disk. @throws AppError as `openDiskContents` and `listAllFiles` */
export async function listDiskFiles(disk: DiskFiles, signal: AbortSignal): Promise<FileList> {
  await using contents = await openDiskContents(disk, signal);
  return await withinLimit("listing the files of the image", signal, () => listAllFiles(contents));
}
