import { constants } from "node:fs";
import { mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../../shared/errors.ts";
import { type ImageArchive, imageEntryNames } from "../../shared/image.ts";
import { readArchive } from "./archive-reader.ts";
import { checkImages, requireQemuImg } from "./disk-image.ts";
import type { LongWork } from "./file-pieces.ts";
import { explainFailure } from "./image-errors.ts";
import { PartialFolder, partialFolderName } from "./partial-folder.ts";
import type { FilePiece } from "./sparse-tar-reader.ts";
import { writeFully } from "./write-fully.ts";

interface ExtractOptions extends LongWork {
  readonly archive: string;
  /** A folder that is empty, or not there yet. */
  readonly folder: string;
}

/**
 * Extracts an archive: disk.img with its holes, layer.qcow2, and machine.json as it is. Progress counts bytes of the
 * archive. The files get their names once all of them are whole; after a failure the folder is as it was.
 *
 * @throws AppError `invalid-archive` or `invalid-machine` when the archive is refused, `file-exists` when the folder
 *   is not empty, `busy` when somebody else extracts to it, `missing-file`, `missing-tool`, `no-space`, `interrupted`
 */
export async function extractArchive({ archive, folder, ...work }: ExtractOptions): Promise<ImageArchive> {
  try {
    await requireQemuImg();
    const madeFolder = await makeFolder(folder);
    try {
      await using partial = await PartialFolder.create(folder);
      const image = await readArchive(
        archive,
        (name, size, data) => writeFile(join(partial.path, name), size, data),
        work,
      );
      await checkImages(partial.path, work.signal);
      for (const name of imageEntryNames) await rename(join(partial.path, name), join(folder, name));
      return image;
    } catch (thrown) {
      if (madeFolder) await rm(madeFolder, { recursive: true, force: true });
      throw thrown;
    }
  } catch (thrown) {
    throw explainFailure(thrown, {
      doing: `extracting ${archive} to ${folder}`,
      archive,
      signal: work.signal,
    });
  }
}

/**
 * @returns the outermost folder that had to be made for it; undefined when the folder was there.
 * @throws AppError `file-exists` when there is something in it.
 */
async function makeFolder(folder: string): Promise<string | undefined> {
  const made = await mkdir(folder, { recursive: true });
  if ((await readdir(folder)).every((name) => name === partialFolderName)) return made;
  throw new AppError({
    code: "file-exists",
    message: `the folder ${folder} is not empty`,
    advice: "Extract to an empty folder, or one that doesn't exist.",
  });
}

const newFileFlags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/** Writes a file with holes wherever there is no piece. */
async function writeFile(path: string, size: number, pieces: AsyncIterable<FilePiece>): Promise<void> {
  await using file = await open(path, newFileFlags, 0o644);
  await file.truncate(size);
  for await (const { position, bytes } of pieces) await writeFully(file, bytes, position);
}
