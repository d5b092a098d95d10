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

/** Tells, once an archive is packed, how its files differ from those of the one before. */
export type FindGrowth = (packed: PackedArchive) => Promise<ImageGrowth | undefined>;

/**
 * Begins to list the files of a disk, while it is packed. The image is whole without the list: a disk that can't be read makes a
 * note, and no build fails by it.
 *
 * @returns finds the growth, which is undefined for the first image of its name, and keeps the list for the next one
 */
export function beginGrowth(disk: DiskFiles, { paths, signal, onNote }: GrowthContext): FindGrowth {
  const listing = listDisk(disk, signal);
  listing.catch(() => {});
  return async ({ path, digest }) => {
    try {
      const list = await listing;
      const before = await recallLastFileList(paths, path);
      await keepFileList(paths, path, digest, list);
      return before && summarizeGrowth(compareLists(before, list));
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

async function listDisk(disk: DiskFiles, signal: AbortSignal): Promise<FileList> {
  await using contents = await openDiskContents(disk, signal);
  return await withinLimit("listing the files of the image", signal, () => listAllFiles(contents));
}
