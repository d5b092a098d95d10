import { type FileHandle, open, rm, stat } from "node:fs/promises";
import { formatBytes } from "../../../shared/text/format.ts";
import { ignoreFullDisk } from "../folders.ts";
import { createSpaceReserve, diskReserve, type SpaceReserve } from "../free-space.ts";
import { createWriteBehind } from "../writing/write-behind.ts";
import type { FilePart, GrowingFileWriter } from "./growing-file.ts";
import { describeGap, joinSegments, type LogQuota, segmentPath, segmentsOf } from "./log-tail.ts";

interface LogFileOptions {
  /** Called once for each limit: when the log loses bytes because it has reached its quota, or the disk is full. */
  readonly onNote?: ((text: string) => void) | undefined;
  readonly quota: LogQuota;
  /** Bytes that stay free on the disk. */
  readonly reserve?: number;
}

/** The segments that stay: the one that grows, and the one before. */
const keptSegments = 2;

/**
 * A file to which a guest's or QEMU's output is added as it comes; made when missing, for this user's eyes only.
 *
 * Past its quota it keeps its beginning and its end. Disposing of it joins the two, with a line about the missing
 * bytes.
 */
export class LogFile implements AsyncDisposable {
  readonly #log: GrowingFileWriter;
  readonly #options: LogFileOptions;
  readonly #behind = createWriteBehind((bytes) => this.#append(bytes));
  readonly #space: SpaceReserve;
  #file: FileHandle;
  /** Bytes for which there is room in the file that is written to. */
  #room: number;
  /** The number of the last segment; 0 while there is none. */
  #segment = 0;
  /** Bytes that were lost on a full disk since the last one that was written. */
  #lost = 0;
  #hasNotedSpace = false;

  private constructor(log: GrowingFileWriter, file: FileHandle, size: number, options: LogFileOptions) {
    this.#log = log;
    this.#file = file;
    this.#room = Math.max(0, options.quota.head - size);
    this.#options = options;
    this.#space = createSpaceReserve(log.path, options.reserve ?? diskReserve);
  }

  /** @param log the file, whose readers are notified that it has grown. */
  static async create(log: GrowingFileWriter, options: LogFileOptions): Promise<LogFile> {
    const file = await open(log.path, "a", 0o600);
    return new LogFile(log, file, (await file.stat()).size, options);
  }

  /**
   * Takes bytes, which may be changed once this has settled, and are in the file soon after, and at the latest when
   * it was flushed or disposed of. A disk that is full, or nearly so, costs the log these bytes, and nothing else.
   *
   * @throws the error of an earlier write.
   */
  async write(bytes: Uint8Array): Promise<void> {
    if (!(await this.#space.take(bytes.length))) return this.#lose(bytes.length);
    await this.#markLoss();
    await this.#behind.add(bytes);
  }

  /** Waits until the file has all that was taken. @throws the error of a write */
  async flush(): Promise<void> {
    await this.#behind.flush();
  }

  async #append(bytes: Uint8Array): Promise<void> {
    for (let rest = bytes; rest.length > 0; ) {
      try {
        if (this.#room === 0) await this.#beginSegment();
        const piece = rest.subarray(0, this.#room);
        await this.#file.appendFile(piece);
        this.#room -= piece.length;
        rest = rest.subarray(piece.length);
      } catch (error) {
        ignoreFullDisk(error);
        return this.#lose(rest.length);
      }
      this.#log.grown();
    }
  }

  /** Begins a new segment, and releases the oldest one. */
  async #beginSegment(): Promise<void> {
    const parts = this.#log.parts();
    const end = await endOf(parts.at(-1));
    const isFirst = parts.length === 1;
    this.#segment ||= segmentsOf(this.#log.path).at(-1) ?? 0;
    const path = segmentPath(this.#log.path, this.#segment + 1);
    const file = await open(path, "ax", 0o600);
    await this.#file.close();
    this.#file = file;
    this.#segment += 1;
    this.#room = this.#options.quota.segment;

    const dropped = segmentPath(this.#log.path, this.#segment - keptSegments);
    this.#log.rearranged([
      ...parts
        .filter((part) => part.path !== dropped)
        .map((part) => ({ ...part, end: Math.min(part.end, end) })),
      { path, start: end, end: Number.POSITIVE_INFINITY, offset: 0 },
    ]);
    await rm(dropped, { force: true });
    if (isFirst) this.#options.onNote?.(describeQuota(this.#log.path, this.#options.quota));
  }

  #lose(bytes: number): void {
    this.#lost += bytes;
    if (this.#hasNotedSpace) return;
    this.#hasNotedSpace = true;
    const { onNote, reserve = diskReserve } = this.#options;
    onNote?.(
      `${this.#log.path} will lack some of the log: its disk has less than ${formatBytes(reserve)} free.`,
    );
  }

  /** Writes a line into the log about missing bytes. */
  async #markLoss(): Promise<void> {
    if (this.#lost === 0) return;
    const gap = describeGap(this.#lost, "its disk was full, or nearly so");
    this.#lost = 0;
    await this.#behind.add(Buffer.from(gap));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.#markLoss();
      await this.flush();
    } finally {
      await this.#file.close();
    }
    if (this.#segment > 0) await this.#join().catch(ignoreFullDisk);
  }

  async #join(): Promise<void> {
    const { path } = this.#log;
    await joinSegments(path, this.#options.quota.segment, (segment, offset) =>
      this.#log.rearranged(
        this.#log.parts().map((part) => (part.path === segment ? { ...part, path, offset } : part)),
      ),
    );
  }
}

/** The position behind the last byte of a part that still grows. */
async function endOf(part: FilePart | undefined): Promise<number> {
  if (!part) return 0;
  const { size } = await stat(part.path);
  return part.start + size - part.offset;
}

function describeQuota(path: string, { head, segment }: LogQuota): string {
  return `${path} has grown to ${formatBytes(head)}: from now on, Tinsmith keeps only its last ${formatBytes(segment)} or more.`;
}
