import { type FileHandle, mkdir, open, readdir, rename, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../../shared/errors.ts";
import { imageEntryNames } from "../../shared/image.ts";
import { whoHasOpen } from "../files/file-holder.ts";
import { lockDescriptor } from "../files/file-lock.ts";
import { clearedLeftover, isAt } from "./partial-file.ts";

const partialFolderName = ".partial";

/**
 * A folder inside an empty one, where the files of an image are written until all of them are whole. Disposing of it
 * removes it and what is in it.
 */
export class PartialFolder implements AsyncDisposable {
  readonly path: string;
  readonly #folder: string;
  readonly #handle: FileHandle;

  /**
   * Takes over what a killed process has left of an earlier try.
   *
   * @param onNote called with what was cleared of that, for the person to know.
   * @throws AppError `busy` while somebody else uses it, `file-exists` when there is something else in the folder.
   */
  static async create(folder: string, onNote?: (text: string) => void): Promise<PartialFolder> {
    const path = join(folder, partialFolderName);
    const names = await readdir(folder);
    if (names.length > 0 && !names.includes(partialFolderName)) throw notEmpty(folder);
    const made = await mkdir(path, { recursive: true });
    const handle = await open(path);
    try {
      if (!lockDescriptor(path, handle.fd)) throw beingExtractedTo(folder, path);
      // Whoever held it until now may just have removed it.
      if (!(await isAt(path, handle))) {
        await handle.close();
        return await PartialFolder.create(folder, onNote);
      }
      await takeBackNames(folder, path);
      for (const name of await readdir(path)) await rm(join(path, name), { recursive: true });
      if (!made) onNote?.(clearedLeftover(path));
      return new PartialFolder(path, folder, handle);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  private constructor(path: string, folder: string, handle: FileHandle) {
    this.path = path;
    this.#folder = folder;
    this.#handle = handle;
  }

  /** Gives the files their names in the outer folder. The disk comes last: where it is, all of the image is. */
  async commit(): Promise<void> {
    for (const name of imageEntryNames) await rename(join(this.path, name), join(this.#folder, name));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
    await this.#handle.close();
  }
}

/**
 * Moves files back that got their names before the process was killed, so that the outer folder is empty.
 *
 * @throws AppError `file-exists` when what is there is something else, or all of an image.
 */
async function takeBackNames(folder: string, path: string): Promise<void> {
  const named = (await readdir(folder)).filter((name) => name !== partialFolderName);
  if (named.length === 0) return;
  const waiting = await readdir(path);
  const both = [...named, ...waiting].sort().join();
  if (!waiting.includes("disk.img") || both !== [...imageEntryNames].sort().join()) {
    // Empty, and so removed, when the process was killed after the last file had got its name.
    if (waiting.length === 0) await rmdir(path);
    throw notEmpty(folder);
  }
  for (const name of named) await rename(join(folder, name), join(path, name));
}

function notEmpty(folder: string): AppError {
  return new AppError({
    code: "file-exists",
    message: `the folder ${folder} is not empty`,
    advice: "Extract to an empty folder, or one that doesn't exist.",
  });
}

function beingExtractedTo(folder: string, path: string): AppError {
  return new AppError({
    code: "busy",
    message: `${whoHasOpen(path) ?? "somebody else"} is extracting to ${folder}`,
    advice: "Wait until that is done, or choose another folder.",
  });
}
