import { existsSync, rmSync } from "node:fs";
import { type FileHandle, lstat, mkdir, open, readdir, rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { AppError } from "../../../shared/errors/errors.ts";
import { imageEntryNames } from "../../../shared/library/image-archive.ts";
import { beforeForcedStop } from "../../async/process-end.ts";
import { explainDiskError } from "../../files/disk-errors.ts";
import { makeFolder } from "../../files/folders.ts";
import { whoHasOpen } from "../../files/locks/file-holder.ts";
import { lockDescriptor } from "../../files/locks/file-lock.ts";
import { statusOf } from "../../files/regular-file.ts";
import { nameNewFile } from "../../files/writing/name-new-file.ts";
import { clearedLeftover } from "../../files/writing/partial-file.ts";
import { isExtractionFolder, newExtractionFolder } from "../../files/writing/temporary-names.ts";

/**
 * A folder inside an empty one, where the files of an image are written until all of them are whole. The outer folder
 * is locked meanwhile. Disposing of it removes it with its content; a forced stop does so too.
 */
export class PartialFolder implements AsyncDisposable {
  readonly path: string;
  readonly #folder: string;
  readonly #handle: FileHandle;
  readonly #lastAct: Disposable;

  /**
   * Removes the leftovers of a killed process.
   *
   * @param onNote called with notes for the person about what was removed.
   * @throws AppError `busy` while somebody else uses it, `file-exists` when there is something else in the folder.
   */
  static async create(folder: string, onNote?: (text: string) => void): Promise<PartialFolder> {
    const handle = await open(folder);
    try {
      if (!lockDescriptor(folder, handle.fd)) throw beingExtractedTo(folder);
      // The previous holder may just have removed it.
      if (!(await isAt(folder, handle))) {
        await handle.close();
        makeFolder(folder);
        return await PartialFolder.create(folder, onNote);
      }
      await clearEarlierTry(folder, onNote);
      const path = newExtractionFolder(folder);
      await mkdir(path);
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
    const remove = () => rmSync(this.#pathNow(), { recursive: true, force: true });
    this.#lastAct = beforeForcedStop(`the new files in ${folder}`, remove);
  }

  /**
   * Has the files written to the inner folder, and gives them their names in the outer one.
   *
   * @throws AppError `file-exists` when a file of such a name has appeared meanwhile, `missing-file` when one of both
   *   folders is no longer there; what `write` throws
   */
  async fill<Result>(write: (path: string) => Promise<Result>): Promise<Result> {
    try {
      const result = await write(this.path);
      // If the outer folder was swapped for another one, the files would get their names in that one.
      await this.#requireInPlace();
      await this.#nameFiles();
      return result;
    } catch (cause) {
      await this.#requireInPlace(cause);
      throw cause;
    }
  }

  /** The disk comes last: where it is, all of the image is. */
  async #nameFiles(): Promise<void> {
    // From here on the inner folder shows the next process that the outer one has half an image.
    this.#lastAct[Symbol.dispose]();
    const named: string[] = [];
    for (const name of imageEntryNames) {
      const target = join(this.#folder, name);
      try {
        await nameNewFile(join(this.path, name), target);
        named.push(target);
      } catch (error) {
        for (const path of named) await rm(path, { force: true });
        throw explainDiskError(target, error);
      }
    }
  }

  /** Refuses to continue when either folder is no longer in its place. */
  async #requireInPlace(cause?: unknown): Promise<void> {
    if (!(await isAt(this.#folder, this.#handle))) throw goneMeanwhile(this.#folder, cause);
    if (!statusOf(this.path)?.isDirectory()) throw goneMeanwhile(this.path, cause);
  }

  /** Leads to the inner folder also when somebody has moved the outer one, on Linux: through the open folder. */
  #pathNow(): string {
    const outer = `/proc/self/fd/${this.#handle.fd}`;
    return existsSync(outer) ? join(outer, basename(this.path)) : this.path;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#pathNow(), { recursive: true, force: true });
    this.#lastAct[Symbol.dispose]();
    await this.#handle.close();
  }
}

/**
 * Removes the folder of a killed process, and the files that had got their names before it was killed, so that the outer
 * folder is empty.
 *
 * @throws AppError `file-exists` when what is there is something else, or all of an image.
 */
async function clearEarlierTry(folder: string, onNote?: (text: string) => void): Promise<void> {
  const names = await readdir(folder);
  const left = names.find(isExtractionFolder);
  const named = names.filter((name) => name !== left);
  if (left === undefined) {
    if (named.length > 0) throw notEmpty(folder);
    return;
  }
  const path = join(folder, left);
  if (named.length > 0) await requireHalfAnImage(folder, named, path);
  for (const name of [...named, left]) await rm(join(folder, name), { recursive: true });
  onNote?.(clearedLeftover(path));
}

/** Refuses a folder unless its files, and those that have no names yet, are those of one image. */
async function requireHalfAnImage(folder: string, named: readonly string[], path: string): Promise<void> {
  const waiting: string[] = [];
  // One that the process was just giving its name has both.
  for (const name of await readdir(path))
    if (!(await isOneFile(join(folder, name), join(path, name)))) waiting.push(name);
  const both = [...named, ...waiting].sort().join();
  if (waiting.includes("disk.img") && both === [...imageEntryNames].sort().join()) return;
  // The process was killed after the last file had got its name.
  if (waiting.length === 0) await rm(path, { recursive: true });
  throw notEmpty(folder);
}

/** Whether both paths are names of the same file. */
async function isOneFile(one: string, other: string): Promise<boolean> {
  const [first, second] = await Promise.all([lstat(one).catch(() => undefined), lstat(other)]);
  return first?.ino === second.ino && first.dev === second.dev;
}

/** Whether an open folder still has that name. */
async function isAt(path: string, file: FileHandle): Promise<boolean> {
  const [named, opened] = await Promise.all([stat(path).catch(() => undefined), file.stat()]);
  return named?.ino === opened.ino && named.dev === opened.dev;
}

function notEmpty(folder: string): AppError {
  return new AppError({
    code: "file-exists",
    message: `the folder ${folder} is not empty`,
    advice: "Extract to an empty folder, or one that doesn't exist.",
  });
}

function goneMeanwhile(folder: string, cause: unknown): AppError {
  return new AppError(
    {
      code: "missing-file",
      message: `the folder ${folder} was removed or moved while an image was extracted to it`,
      advice: "Extract the image again, and leave its folder where it is until that is done.",
    },
    { cause },
  );
}

function beingExtractedTo(folder: string): AppError {
  return new AppError({
    code: "busy",
    message: `${whoHasOpen(folder) ?? "another process"} is extracting to ${folder}`,
    advice: "Wait until that is done, or choose another folder.",
  });
}
