import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { writeFully } from "./write-fully.ts";

/**
 * A new file that is written as `TARGET.partial` and gets its name when it is whole: at any moment there is the old
 * file or the new one. Disposing of one that has no name yet removes it.
 */
export class PartialFile implements AsyncDisposable {
  readonly path: string;
  readonly #target: string;
  readonly #file: FileHandle;

  /** @throws an error with the code EEXIST when somebody else writes to the same target. */
  static async create(target: string): Promise<PartialFile> {
    const path = `${target}.partial`;
    return new PartialFile(path, target, await open(path, "wx"));
  }

  private constructor(path: string, target: string, file: FileHandle) {
    this.path = path;
    this.#target = target;
    this.#file = file;
  }

  /** Writes all of the bytes. */
  async write(bytes: Uint8Array, position: number): Promise<void> {
    await writeFully(this.#file, bytes, position);
  }

  /** Waits until what was written is on the disk. */
  async sync(): Promise<void> {
    await this.#file.sync();
  }

  /** Gives the file its name, in place of the file that had it. */
  async commit(): Promise<void> {
    await rename(this.path, this.#target);
    await using folder = await open(dirname(this.#target));
    await folder.sync();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
    await rm(this.path, { force: true });
  }
}
