import { type FileHandle, mkdir, open, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../../shared/errors.ts";
import { lockDescriptor } from "../file-lock.ts";

export const partialFolderName = ".partial";

/** A folder inside another one, for files that are not whole yet. Disposing of it removes it and what is in it. */
export class PartialFolder implements AsyncDisposable {
  readonly path: string;
  readonly #handle: FileHandle;

  /**
   * Takes over what a killed process has left of an earlier try.
   *
   * @throws AppError `busy` while somebody else uses it.
   */
  static async create(folder: string): Promise<PartialFolder> {
    const path = join(folder, partialFolderName);
    await mkdir(path, { recursive: true });
    const handle = await open(path);
    if (!lockDescriptor(path, handle.fd)) {
      await handle.close();
      throw new AppError({
        code: "busy",
        message: `somebody else is extracting to ${folder}`,
        advice: "Wait until that is done, or choose another folder.",
      });
    }
    for (const name of await readdir(path)) await rm(join(path, name), { recursive: true });
    return new PartialFolder(path, handle);
  }

  private constructor(path: string, handle: FileHandle) {
    this.path = path;
    this.#handle = handle;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
    await this.#handle.close();
  }
}
