import { existsSync, readdirSync } from "node:fs";
import { appendFile, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { formatBytes } from "../../../shared/text/format.ts";
import { openRegularFile } from "../regular-file.ts";

// A log that has reached its quota keeps its beginning, and continues in segments beside it: `task.log.1`,
// `task.log.2` and so on, each of the same size, of which the last two stay. At its end these are joined to its
// beginning.

/** How much of a log is kept, in bytes. */
export interface LogQuota {
  /** Bytes of its beginning. */
  readonly head: number;
  /** Bytes of each segment: at least this much of its end is kept, and at most twice as much. */
  readonly segment: number;
}

/** Divides a quota in bytes: a quarter is for the end, which has the reason for a failure. */
export function logQuota(bytes: number): LogQuota {
  return { head: (bytes * 3) / 4, segment: bytes / 8 };
}

/** The path of a log's segment; segments are counted from 1. */
export function segmentPath(log: string, number: number): string {
  return `${log}.${number}`;
}

/** The numbers of the segments that a log has, the oldest first. */
export function segmentsOf(log: string): readonly number[] {
  if (!existsSync(dirname(log))) return [];
  const prefix = `${basename(log)}.`;
  return readdirSync(dirname(log))
    .filter((name) => name.startsWith(prefix) && /^[1-9]\d*$/.test(name.slice(prefix.length)))
    .map((name) => Number(name.slice(prefix.length)))
    .sort((one, other) => one - other);
}

/** The file that has a log's end. */
export function endOfLog(log: string): string {
  const last = segmentsOf(log).at(-1);
  return last === undefined ? log : segmentPath(log, last);
}

/** The line that replaces missing bytes in a log, for its readers. */
export function describeGap(bytes: number, why: string): string {
  return `\r\n[Tinsmith left out ${formatBytes(bytes)} of this log here: ${why}.]\r\n`;
}

/** The reason of a gap between a log's beginning and its end. */
export const overQuota = "it keeps only its beginning and its end";

/**
 * Joins a log's segments to its beginning, with a line about the missing bytes between them.
 *
 * @param segmentBytes of each segment that is full.
 * @param onJoined called for each: where its first byte is in the log now.
 * @throws the system's error, such as that of a full disk; the segments that are not joined stay.
 */
export async function joinSegments(
  log: string,
  segmentBytes: number,
  onJoined: (segment: string, offset: number) => void = () => {},
): Promise<void> {
  const numbers = segmentsOf(log);
  const missing = ((numbers[0] ?? 1) - 1) * segmentBytes;
  if (missing > 0) await appendFile(log, describeGap(missing, overQuota));
  for (const number of numbers) {
    const segment = segmentPath(log, number);
    const { size } = await stat(log);
    await using file = await openRegularFile(segment);
    await writeFile(log, file.createReadStream({ autoClose: false }), { flag: "a" });
    onJoined(segment, size);
    await rm(segment);
  }
}
