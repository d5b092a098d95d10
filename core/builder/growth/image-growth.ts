import { compareLists } from "../../../shared/contents/compare-lists.ts";
import type { FileList } from "../../../shared/contents/file-list.ts";
import { type ImageGrowth, summarizeGrowth } from "../../../shared/contents/growth.ts";
import { toAppError } from "../../../shared/errors/errors.ts";
import type { PackedArchive } from "../../../shared/library/image-archive.ts";
import { listAllFiles } from "../../contents/list-files.ts";
import { openDiskContents } from "../../contents/tree/open-contents.ts";
import { withinLimit } from "../../contents/tree/work-limit.ts";
import type { DiskFiles } from "../../image/disk/open-disk.ts";
import type { Paths } from "../../storage/paths.ts";
import { keepFileList, recallLastFileList } from "./file-lists.ts";

interface GrowthContext {
  readonly paths: Paths;
  readonly signal: AbortSignal;
  readonly onNote: (text: string) => void;
}

/** The files of an image, and how they differ from those of the one before. */
interface FoundFiles {
  readonly list: FileList;
  /** Absent for the first image of its name. */
  readonly growth?: ImageGrowth | undefined;
}

/** Tells, once an archive is packed, which files it has; undefined if they can't be listed. */
export type FindFiles = (packed: PackedArchive) => Promise<FoundFiles | undefined>;

/**
 * Begins to list the files of a disk, while it is packed. The image is whole without the list: a disk that can't be read makes a
 * note, and no build fails by it.
 *
 * @returns tells the files and their growth, and keeps the list for the next image
 */
export function beginFiles(disk: DiskFiles, { paths, signal, onNote }: GrowthContext): FindFiles {
  const listing = listDiskFiles(disk, signal);
  listing.catch(() => {});
  return async ({ path, digest }) => {
    try {
      const list = await listing;
      const before = await recallLastFileList(paths, path);
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

/** Lists all files of a disk. @throws AppError as `openDiskContents` and `listAllFiles` */
export async function listDiskFiles(disk: DiskFiles, signal: AbortSignal): Promise<FileList> {
  await using contents = await openDiskContents(disk, signal);
  return await withinLimit("listing the files of the image", signal, () => listAllFiles(contents));
}
