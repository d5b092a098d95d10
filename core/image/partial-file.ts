import { constants } from "node:fs";
import { type FileHandle, link, open, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { AppError } from "../../shared/errors.ts";
import { whoHasOpen } from "../files/file-holder.ts";
import { lockDescriptor } from "../files/file-lock.ts";
import { partialPath } from "../paths.ts";
import { writeFully } from "./write-fully.ts";

/**
 * A new file that is written as `TARGET.partial` and gets its name when it is whole: at any moment there is the old
 * file or the new one. Disposing of one that has no name yet removes it.
 */
export class PartialFile implements AsyncDisposable {
  readonly path: string;
  readonly #target: string;
  readonly #file: FileHandle;
  #committed = false;

  /**
   * Takes over what a killed process has left of an earlier try.
   *
   * @param onNote called with what was cleared of that, for the person to know.
   * @throws AppError `busy` while somebody else writes to the same target.
   */
  static async create(target: string, onNote?: (text: string) => void): Promise<PartialFile> {
    const path = partialPath(target);
    for (;;) {
      const file = await open(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o644);
      try {
        if (!lockDescriptor(path, file.fd)) throw beingWritten(target, path);
        // Whoever held it until now may just have given it the target's name.
        if (await isAt(path, file)) {
          const { nlink, size } = await file.stat();
          if (nlink === 1) {
            if (size > 0) onNote?.(clearedLeftover(path));
            const partial = new PartialFile(path, target, file);
            await partial.clear();
            return partial;
          }
          // Killed in `commitAsNew`: this is a second name of a whole file.
          await rm(path);
        }
        await file.close();
      } catch (error) {
        await file.close();
        throw error;
      }
    }
  }

  private constructor(path: string, target: string, file: FileHandle) {
    this.path = path;
    this.#target = target;
    this.#file = file;
  }

  /** Takes away what was written so far. */
  async clear(): Promise<void> {
    await this.#file.truncate();
  }

  /** Writes all of the bytes. */
  async write(bytes: Uint8Array, position: number): Promise<void> {
    await writeFully(this.#file, bytes, position);
  }

  /** Sets who may read, write and run it. */
  async setMode(mode: number): Promise<void> {
    await this.#file.chmod(mode);
  }

  /** Waits until what was written is on the disk. */
  async sync(): Promise<void> {
    await this.#file.sync();
  }

  /** Gives the file its name, in place of the file that had it. */
  async commit(): Promise<void> {
    await rename(this.path, this.#target);
    await this.#settle();
  }

  /** Gives the file its name. @throws the system's EEXIST when another file has it. */
  async commitAsNew(): Promise<void> {
    await link(this.path, this.#target);
    await rm(this.path);
    await this.#settle();
  }

  async #settle(): Promise<void> {
    this.#committed = true;
    await using folder = await open(dirname(this.#target));
    await folder.sync();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // While the lock is held: afterwards the name may be somebody else's.
    if (!this.#committed) await rm(this.path, { force: true });
    await this.#file.close();
  }
}

/** Says that what a killed process had left is gone. */
export function clearedLeftover(path: string): string {
  return `Cleared what a killed process left: ${path}.`;
}

/** Whether an open file or folder still has that name. */
export async function isAt(path: string, file: FileHandle): Promise<boolean> {
  const [named, opened] = await Promise.all([stat(path).catch(() => undefined), file.stat()]);
  return named?.ino === opened.ino && named.dev === opened.dev;
}

function beingWritten(target: string, path: string): AppError {
  return new AppError({
    code: "busy",
    message: `${whoHasOpen(path) ?? "somebody else"} is writing ${target}`,
    advice: "Wait until that is done, or choose another name.",
  });
}
