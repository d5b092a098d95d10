import { closeSync, constants, writeSync } from "node:fs";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { AppError } from "../../../shared/errors/errors.ts";
import { digestFile } from "../../files/digest.ts";
import { createSpaceReserve, type SpaceReserve } from "../../files/free-space.ts";
import { whoHasOpen } from "../../files/locks/file-holder.ts";
import { lockDescriptor } from "../../files/locks/file-lock.ts";
import { openKeptFile, statusOf } from "../../files/regular-file.ts";
import { readTextFile } from "../../files/text-file.ts";
import { writeFully } from "../../files/writing/write-fully.ts";
import { ByteRanges } from "./byte-ranges.ts";

interface PartialOptions {
  /** The name of the file that is fetched, for messages. */
  readonly name: string;
  /**
   * Identifies the content. With it, a list beside the file says which parts of it are there, and parts of another content are
   * thrown away. Without it, all bytes of the file are there.
   */
  readonly identity?: string | undefined;
}

/** The list of parts: its first line has its version and the identity, each other one a part. */
const listVersion = "parts 1 ";
const mostListBytes = 64 * 1024 ** 2;

/**
 * A file that is fetched, until it is whole. It stays on the disk when the work is interrupted, even by SIGKILL, and the next
 * call continues it. One process writes to it at a time.
 */
export class PartialDownload implements AsyncDisposable {
  readonly path: string;
  /** The parts that are there. */
  readonly parts = new ByteRanges();
  readonly #name: string;
  readonly #file: FileHandle;
  readonly #identity: string | undefined;
  #space: SpaceReserve;
  #list: number | undefined;

  /** @throws AppError `busy` while another process fetches it */
  static async open(path: string, options: PartialOptions): Promise<PartialDownload> {
    const partial = new PartialDownload(path, options, await openLocked(path, options.name));
    try {
      await partial.#recallParts();
      return partial;
    } catch (error) {
      await partial[Symbol.asyncDispose]();
      throw error;
    }
  }

  private constructor(path: string, { name, identity }: PartialOptions, file: FileHandle) {
    this.path = path;
    this.#name = name;
    this.#file = file;
    this.#identity = identity;
    this.#space = createSpaceReserve(path);
  }

  async #recallParts(): Promise<void> {
    const { size } = await this.#file.stat();
    if (this.#identity === undefined) return this.parts.add(0, size);
    const list = listOf(this.path);
    const [head, ...lines] = statusOf(list)
      ? readTextFile(list, { maximumBytes: mostListBytes, code: "usage" }).split("\n")
      : [];
    if (head !== `${listVersion}${this.#identity}`) return await this.clear();
    // The last line may be cut off.
    for (const line of lines.slice(0, -1)) {
      const [from = 0, to = 0] = line.split(" ").map(Number);
      if (from >= 0 && to <= size) this.parts.add(from, to);
    }
    this.#list = openKeptFile(list);
  }

  /** Throws all away that is there. */
  async clear(): Promise<void> {
    await this.#file.truncate();
    this.parts.clear();
    this.#space = createSpaceReserve(this.path);
    if (this.#identity === undefined) return;
    this.#closeList();
    await rm(listOf(this.path), { force: true });
    this.#list = openKeptFile(listOf(this.path));
    writeSync(this.#list, `${listVersion}${this.#identity}\n`);
  }

  /** @throws AppError `no-space` when so many more bytes don't fit on the disk */
  async requireSpace(bytes: number): Promise<void> {
    if (!(await this.#space.fits(bytes))) throw this.#noSpace();
  }

  /** Writes bytes; they are there when `add` has been called. @throws AppError `no-space` */
  async write(bytes: Uint8Array, position: number): Promise<void> {
    if (!(await this.#space.take(bytes.length))) throw this.#noSpace();
    await writeFully(this.#file, bytes, position);
  }

  /** Remembers that these bytes are there. */
  add(from: number, to: number): void {
    if (to <= from) return;
    this.parts.add(from, to);
    if (this.#list !== undefined) writeSync(this.#list, `${from} ${to}\n`);
  }

  async digest(signal?: AbortSignal): Promise<string> {
    return await digestFile(this.path, { signal });
  }

  /** Gives the file, which is whole, its name. */
  async commit(target: string): Promise<void> {
    await this.#file.sync();
    await rename(this.path, target);
    if (this.#identity !== undefined) await rm(listOf(this.path), { force: true });
  }

  /** Removes the file and its list. */
  async remove(): Promise<void> {
    await rm(this.path);
    await rm(listOf(this.path), { force: true });
  }

  #noSpace(): AppError {
    return new AppError({
      code: "no-space",
      message: `${this.#name} does not fit on the disk of ${this.path}`,
      advice: "Free some space there, then try again: the download resumes.",
    });
  }

  #closeList(): void {
    if (this.#list !== undefined) closeSync(this.#list);
    this.#list = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closeList();
    await this.#file.close();
  }
}

function listOf(path: string): string {
  return `${path}.parts`;
}

async function openLocked(path: string, name: string): Promise<FileHandle> {
  for (;;) {
    const file = await open(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o644);
    try {
      if (!lockDescriptor(path, file.fd)) throw alreadyFetched(name, path);
      // The previous holder of the lock may have given the file its name: it is whole, and must not be written to.
      if ((await file.stat()).ino === statusOf(path)?.ino) return file;
    } catch (error) {
      await file.close();
      throw error;
    }
    await file.close();
  }
}

function alreadyFetched(name: string, path: string): AppError {
  return new AppError({
    code: "busy",
    message: `${whoHasOpen(path) ?? "another process"} is already fetching ${name}`,
    advice: "Wait until that is done.",
  });
}
