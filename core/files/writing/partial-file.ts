import { closeSync, constants, renameSync, rmSync } from "node:fs";
import { type FileHandle, open, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { hasErrorCode } from "../../../shared/errors/system-error.ts";
import { beforeForcedStop } from "../../async/process-end.ts";
import { requireReplaceable } from "../regular-file.ts";
import { nameNewFile } from "./name-new-file.ts";
import { syncFolder } from "./replace-file.ts";
import { createTemporaryFile, type TemporaryFile } from "./temporary-file.ts";
import { writeFully } from "./write-fully.ts";

/**
 * A new file that is written under a name of its own beside the target, and gets the target's name when it is whole:
 * at any moment there is the old file or the new one. Disposing of one that has no name yet removes it; a forced stop
 * does so too.
 */
export class PartialFile implements AsyncDisposable {
  readonly path: string;
  readonly #target: string;
  readonly #file: FileHandle;
  /** Holds the lock on the file. */
  readonly #lock: number;
  readonly #lastAct: Disposable;
  #committed = false;

  /**
   * Removes the leftovers of killed processes.
   *
   * @param onNote called with notes for the person about what was removed.
   * @throws AppError `busy` while somebody else writes to the same target.
   */
  static async create(target: string, onNote?: (text: string) => void): Promise<PartialFile> {
    const temporary = createTemporaryFile(target);
    for (const path of temporary.cleared) onNote?.(clearedLeftover(path));
    try {
      const file = await open(temporary.path, constants.O_RDWR | constants.O_NOFOLLOW);
      return new PartialFile(temporary, target, file);
    } catch (error) {
      await rm(temporary.path, { force: true });
      closeSync(temporary.descriptor);
      throw error;
    }
  }

  private constructor({ path, descriptor }: TemporaryFile, target: string, file: FileHandle) {
    this.path = path;
    this.#target = target;
    this.#file = file;
    this.#lock = descriptor;
    this.#lastAct = beforeForcedStop(`the new file ${target}`, () => rmSync(path, { force: true }));
  }

  /** Removes all bytes written so far. */
  async clear(): Promise<void> {
    await this.#file.truncate();
  }

  /** Writes all of the bytes. */
  async write(bytes: Uint8Array, position: number): Promise<void> {
    await writeFully(this.#file, bytes, position);
  }

  /** Sets who may read, write and run it, where the file system keeps that. */
  async setMode(mode: number): Promise<void> {
    await this.#file.chmod(mode).catch(passOverNoModes);
  }

  /** Waits until all bytes written are on the disk. */
  async sync(): Promise<void> {
    await this.#file.sync();
  }

  /**
   * Gives the file its name, in place of the file that had it.
   *
   * @param onNamed called at once when it has its name: no forced stop comes in between.
   * @throws AppError `usage` when it is anything else than a file.
   */
  async commit(onNamed?: () => void): Promise<void> {
    requireReplaceable(this.#target);
    renameSync(this.path, this.#target);
    onNamed?.();
    this.#settle();
  }

  /**
   * Gives the file its name.
   *
   * @param onNamed called when it has its name
   * @throws the system's EEXIST when another file has it
   */
  async commitAsNew(onNamed?: () => void): Promise<void> {
    await nameNewFile(this.path, this.#target);
    onNamed?.();
    this.#settle();
  }

  #settle(): void {
    this.#committed = true;
    this.#lastAct[Symbol.dispose]();
    syncFolder(dirname(this.#target));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // While the lock is held: afterwards somebody else may clear it away.
    if (!this.#committed) await rm(this.path, { force: true });
    this.#lastAct[Symbol.dispose]();
    await this.#file.close();
    closeSync(this.#lock);
  }
}

/** Errors of file systems that don't keep modes. */
const noModes = ["EPERM", "ENOTSUP", "ENOSYS"];

function passOverNoModes(error: unknown): void {
  if (!hasErrorCode(error, ...noModes)) throw error;
}

/** A note that the rest of a killed process was removed. */
export function clearedLeftover(path: string): string {
  return `Deleted what a killed process left: ${path}.`;
}
