import { constants } from "node:fs";
import { type FileHandle, open, rmdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { ImageArchive } from "../../../shared/library/image-archive.ts";
import { existingFolder, makeFolder, requireWritableFolder } from "../../files/folders.ts";
import type { LongWork } from "../../files/read-pieces.ts";
import { writeFully } from "../../files/writing/write-fully.ts";
import { checkImages, requireQemuImg } from "../disk/disk-image.ts";
import { withoutZeroBlocks } from "../disk/zeros.ts";
import type { FilePiece } from "../file-piece.ts";
import { explainFailure } from "../image-errors.ts";
import type { ArchiveEntry } from "./allowed-entries.ts";
import { readArchive, type StoreEntry } from "./archive-reader.ts";
import { PartialFolder } from "./partial-folder.ts";

interface ExtractOptions extends LongWork {
  readonly archive: string;
  /** A folder that is empty, or not there yet. */
  readonly folder: string;
  /** Called with notes for the person: about the archive, and the rest of a killed process. */
  readonly onNote?: ((text: string) => void) | undefined;
}

/**
 * Extracts an archive: disk.img with its holes, layer.qcow2, and machine.json as it is. Progress counts bytes of the
 * archive. The files get their names once all of them are whole; after a failure the folder is as it was.
 *
 * @throws AppError `invalid-archive` or `invalid-machine` when the archive is refused, `file-exists` when the folder
 *   is not empty or gets a file of such a name meanwhile, `busy` when another process extracts to it, `missing-file`
 *   also when somebody removes or moves the folder meanwhile, `missing-tool`, `no-permission`, `no-space`,
 *   `interrupted`
 */
export async function extractArchive({
  archive,
  folder,
  onNote,
  ...work
}: ExtractOptions): Promise<ImageArchive> {
  try {
    requireWritableFolder(existingFolder(folder));
    await requireQemuImg();
    const madeFolder = makeFolder(folder);
    try {
      await using partial = await PartialFolder.create(folder, onNote);
      return await partial.fill(async (path) => {
        const store: StoreEntry = (entry) => writeEntry(path, entry);
        const image = await readArchive(archive, store, work);
        for (const note of image.notes) onNote?.(note);
        await checkImages(path, work.signal);
        return image;
      });
    } catch (thrown) {
      if (madeFolder) await removeEmptyFolders(folder, madeFolder);
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

/** Removes folders from the inner to the outer one, but none with something in it: others may extract there too. */
async function removeEmptyFolders(inner: string, outer: string): Promise<void> {
  for (let folder = resolve(inner); folder.startsWith(resolve(outer)); folder = dirname(folder)) {
    const removed = await rmdir(folder).then(
      () => true,
      () => false,
    );
    if (!removed) return;
  }
}

const newFileFlags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/**
 * Writes the file of an entry into a folder, with holes wherever there is no piece, and for blocks of zeros in the pieces: a small
 * archive can hold gigabytes of them. A piece is written while the next one is decompressed.
 */
export async function writeEntry(folder: string, { name, size, data }: ArchiveEntry): Promise<void> {
  await using file = await open(join(folder, name), newFileFlags, 0o644);
  await file.truncate(size);
  let written = Promise.resolve();
  try {
    for await (const piece of data) {
      await written;
      written = writePiece(file, piece);
      // The loop comes back to it, but the archive may turn out to be damaged first.
      written.catch(() => {});
    }
  } finally {
    await written;
  }
}

async function writePiece(file: FileHandle, piece: FilePiece): Promise<void> {
  for (const { position, bytes } of withoutZeroBlocks(piece)) await writeFully(file, bytes, position);
}
