import { type FileHandle, open } from "node:fs/promises";
import { formatBytes } from "../../shared/format.ts";
import { ignoreFullDisk } from "./files.ts";
import { createSpaceReserve, diskReserve, type SpaceReserve } from "./free-space.ts";
import type { GrowingFileWriter } from "./growing-file.ts";
import { createWriteBehind, type WriteBehind } from "./write-behind.ts";

/** A file to which a guest's log is added as it comes; made when missing, for this user's eyes only. */
export class LogFile implements AsyncDisposable {
  readonly #log: GrowingFileWriter;
  readonly #file: FileHandle;
  readonly #behind: WriteBehind;
  readonly #space: SpaceReserve;
  readonly #reserve: number;
  #onNote: ((text: string) => void) | undefined;

  private constructor(
    log: GrowingFileWriter,
    file: FileHandle,
    reserve: number,
    onNote?: (text: string) => void,
  ) {
    this.#log = log;
    this.#file = file;
    this.#behind = createWriteBehind((bytes) => this.#append(bytes));
    this.#reserve = reserve;
    this.#space = createSpaceReserve(log.path, reserve);
    this.#onNote = onNote;
  }

  /**
   * @param log where it is, and who is told that it has grown.
   * @param onNote called once, when the log loses bytes for want of space.
   * @param reserve bytes that stay free on the disk.
   */
  static async create(
    log: GrowingFileWriter,
    onNote?: (text: string) => void,
    reserve = diskReserve,
  ): Promise<LogFile> {
    return new LogFile(log, await open(log.path, "a", 0o600), reserve, onNote);
  }

  /**
   * Takes bytes, which may be changed once this has settled, and are in the file soon after, and at the latest when it was flushed or disposed of. A disk that is
   * full, or nearly so, costs the log these bytes, and nothing else.
   *
   * @throws what an earlier write threw.
   */
  async write(bytes: Uint8Array): Promise<void> {
    if (await this.#space.take(bytes.length)) await this.#behind.add(bytes);
    else this.#noteLoss();
  }

  /** Waits until the file has all that was taken. @throws what a write threw */
  async flush(): Promise<void> {
    await this.#behind.flush();
  }

  async #append(bytes: Uint8Array): Promise<void> {
    try {
      await this.#file.appendFile(bytes);
      this.#log.grown();
    } catch (error) {
      ignoreFullDisk(error);
      this.#noteLoss();
    }
  }

  #noteLoss(): void {
    this.#onNote?.(
      `${this.#log.path} will lack some of the log: its disk has less than ${formatBytes(this.#reserve)} free.`,
    );
    this.#onNote = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.flush();
    } finally {
      await this.#file.close();
    }
  }
}
