import { type FileHandle, open } from "node:fs/promises";

/** A file that a guest's log goes to as it comes; made anew, for this user's eyes only. */
export class LogFile implements AsyncDisposable {
  readonly #file: FileHandle;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  static async create(path: string): Promise<LogFile> {
    return new LogFile(await open(path, "ax", 0o600));
  }

  async write(bytes: Uint8Array): Promise<void> {
    await this.#file.appendFile(bytes);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
  }
}
