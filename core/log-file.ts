import { type FileHandle, open } from "node:fs/promises";
import { ignoreFullDisk } from "./files.ts";

/** A file to which a guest's log is added as it comes; made when missing, for this user's eyes only. */
export class LogFile implements AsyncDisposable {
  readonly #file: FileHandle;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  static async create(path: string): Promise<LogFile> {
    return new LogFile(await open(path, "a", 0o600));
  }

  /** A full disk costs the log these bytes, and nothing else. */
  async write(bytes: Uint8Array): Promise<void> {
    await this.#file.appendFile(bytes).catch(ignoreFullDisk);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
  }
}
