import { AppError } from "../../../shared/errors/errors.ts";
import type { ByteRange } from "./byte-ranges.ts";
import type { PartialDownload } from "./partial-download.ts";
import { ChangedMeanwhile, notFetched, type OpenedRange, type RemoteFile } from "./remote-file.ts";
import { createStallAlarm } from "./stall-alarm.ts";
import { usualLimits } from "./transfer-limits.ts";
import { createTries, describeReason, type TriesOptions } from "./tries.ts";

export interface FetchOptions extends TriesOptions {
  /** The number of parts that are asked for at once; 1 without it. */
  readonly streams?: number;
  /** Called with the bytes that are there, and how many there will be where the server says so. */
  readonly onProgress?: ((done: number, total: number | undefined) => void) | undefined;
}

/** A part is fetched by one request. Bytes. */
const pieceSizes = { least: 1024 ** 2, most: 32 * 1024 ** 2 };
/** Parts for each stream, so that all of them end at about the same time. */
const piecesForEach = 4;
/** Bytes of a part after which they count as there, also if this process is killed. */
const noteEach = 256 * 1024;

/**
 * Fetches the parts of a file that are not there yet. Parts come at once if the file's size is known and the server can send
 * parts; otherwise the file comes in order.
 *
 * @throws AppError `command-failed` when the server does not give them, `no-space`; ChangedMeanwhile, after which nothing is
 *   there; the signal's reason
 */
export async function fetchFile(
  file: RemoteFile,
  partial: PartialDownload,
  options: FetchOptions = {},
): Promise<void> {
  const { streams = 1, signal } = options;
  const { size } = file;
  const queue: ByteRange[] =
    size === undefined || streams === 1
      ? [{ from: partial.parts.prefix }]
      : partial.parts.missing(size, pieceSize(size, streams));
  if (size !== undefined && partial.parts.bytes >= size) return;
  if (size !== undefined) await partial.requireSpace(size - partial.parts.bytes);
  const failed = new AbortController();
  const job: Job = {
    ...{ file, partial, queue, done: partial.parts.bytes },
    options: { ...options, onNote: noteOnce(options.onNote) },
    signal: signal ? AbortSignal.any([signal, failed.signal]) : failed.signal,
    others: [],
    startOthers: () => {
      while (job.others.length < Math.min(streams - 1, queue.length)) job.others.push(work(job, false));
      for (const other of job.others) other.catch((error) => failed.abort(error));
    },
  };
  try {
    await work(job, true);
    await Promise.all(job.others);
  } catch (thrown) {
    failed.abort(thrown);
    await Promise.allSettled(job.others);
    signal?.throwIfAborted();
    const error = failed.signal.reason instanceof Error ? failed.signal.reason : thrown;
    if (error instanceof ChangedMeanwhile) await partial.clear();
    if (error instanceof AppError || error instanceof ChangedMeanwhile) throw error;
    throw notFetched(file.name, error, describeReason(error));
  }
}

/** The server tells all streams the same at about the same time. Milliseconds. */
const sameTime = 1_000;

function noteOnce(onNote: FetchOptions["onNote"]): (text: string) => void {
  let told = { text: "", time: Number.NEGATIVE_INFINITY };
  return (text) => {
    const time = performance.now();
    if (text !== told.text || time > told.time + sameTime) onNote?.(text);
    told = { text, time };
  };
}

interface Job {
  readonly file: RemoteFile;
  readonly partial: PartialDownload;
  readonly options: FetchOptions;
  readonly queue: ByteRange[];
  readonly signal: AbortSignal;
  /** Bytes that are there. */
  done: number;
  readonly others: Promise<void>[];
  /** Starts the other streams, when the first one has seen that the server can send parts. */
  startOthers(): void;
}

function pieceSize(size: number, streams: number): number {
  const wanted = Math.ceil(size / (streams * piecesForEach));
  return Math.min(pieceSizes.most, Math.max(pieceSizes.least, wanted));
}

/** Fetches ranges of the queue until it is empty. */
async function work(job: Job, isFirst: boolean): Promise<void> {
  for (let range = job.queue.shift(); range; range = job.queue.shift()) {
    await fetchRange(job, range, isFirst);
  }
}

async function fetchRange(job: Job, range: ByteRange, isFirst: boolean): Promise<void> {
  const { options, signal } = job;
  const tries = createTries({ ...options, signal });
  const cursor = { ...range };
  for (;;) {
    const before = cursor.from;
    try {
      return await fetchOnce(job, cursor, isFirst);
    } catch (error) {
      if (error instanceof ChangedMeanwhile) throw error;
      if (cursor.from > before) tries.succeed();
      await tries.fail(error);
    }
  }
}

/** @param cursor its beginning moves on with the bytes that are there */
async function fetchOnce(
  job: Job,
  cursor: { from: number; to?: number | undefined },
  isFirst: boolean,
): Promise<void> {
  const { file, partial, options, signal } = job;
  const { limits = usualLimits, onProgress } = options;
  using alarm = createStallAlarm(limits.stall, signal);
  const opened = await file.open(cursor, alarm.signal);
  // Nothing is missing, or the bytes on disk are not of this file: its digest tells.
  if (!opened) return;
  if (!opened.isRange) await beginAgain(job, cursor, isFirst);
  else if (isFirst) job.startOthers();
  const total = totalOf(file, opened, cursor);
  if (total !== undefined && file.size === undefined) await partial.requireSpace(total - cursor.from);
  let position = cursor.from;
  const note = () => {
    partial.add(cursor.from, position);
    cursor.from = position;
  };
  try {
    for await (const chunk of opened.body) {
      alarm.progress();
      const bytes = cursor.to === undefined ? chunk : chunk.subarray(0, cursor.to - position);
      await partial.write(bytes, position);
      position += bytes.length;
      if (position - cursor.from >= noteEach) note();
      job.done += bytes.length;
      onProgress?.(job.done, total);
      if (position === cursor.to) break;
    }
  } finally {
    note();
  }
  if (cursor.to !== undefined && position < cursor.to)
    throw new Error("the server sent less than it was asked for");
}

/** The server sends the whole file, from its beginning. */
async function beginAgain(
  job: Job,
  cursor: { from: number; to?: number | undefined },
  isFirst: boolean,
): Promise<void> {
  if (!isFirst) throw new Error("the server sent the whole file in place of a part");
  if (job.partial.parts.bytes > 0) await job.partial.clear();
  job.done = 0;
  job.queue.length = 0;
  cursor.from = 0;
  cursor.to = undefined;
}

function totalOf(file: RemoteFile, { length }: OpenedRange, { from, to }: ByteRange): number | undefined {
  if (file.size !== undefined) return file.size;
  return length === undefined || to !== undefined ? undefined : from + length;
}
