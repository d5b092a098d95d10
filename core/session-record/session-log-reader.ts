import type { FileHandle } from "node:fs/promises";
import type { SessionEvent } from "../../shared/session/session-event.ts";
import { openRegularFile } from "../files/regular-file.ts";
import { asEvent, createMigration } from "./session-log-version.ts";

/** How much of a log is read at once, unless wanted otherwise; a longer line is read whole. */
const usualBlockBytes = 256 * 1024;
/** The longest event, in bytes: a file without a line in so many is not a log. */
export const longestLine = 16 * 1024 ** 2;
const lineFeed = 0x0a;

/** Some events that follow one another in a log. */
interface EventBlock {
  readonly events: readonly SessionEvent[];
  /** The position in the file behind them. */
  readonly end: number;
}

/**
 * Reads the log of a session that has ended, or is another process's: all of its events.
 *
 * An incomplete last line is left out, as is any other line that is not an event. An older log reads as if this
 * Tinsmith had written it.
 *
 * @throws AppError `newer-version`; the system's error when the file can't be read.
 */
export async function* readSessionLog(path: string): AsyncGenerator<readonly SessionEvent[], void, void> {
  await using file = await openRegularFile(path);
  for await (const { events } of eventBlocks(file, 0, { read: createMigration(path) })) yield events;
}

interface BlockOptions {
  /** The position behind the last whole line, when that is known; it may grow meanwhile. */
  readonly limit?: () => number;
  readonly blockBytes?: number;
  /** Makes an event of a line's content. */
  readonly read?: typeof asEvent;
}

/** Reads whole lines from a position on, until there are no more. */
export async function* eventBlocks(
  file: FileHandle,
  start: number,
  { limit = () => Number.POSITIVE_INFINITY, blockBytes = usualBlockBytes, read = asEvent }: BlockOptions = {},
): AsyncGenerator<EventBlock, void, void> {
  let position = start;
  let size = blockBytes;
  while (position < limit()) {
    const block = Buffer.allocUnsafe(Math.min(size, limit() - position));
    const { bytesRead } = await file.read(block, 0, block.length, position);
    const lines = block.subarray(0, block.subarray(0, bytesRead).lastIndexOf(lineFeed) + 1);
    if (lines.length > 0) {
      position += lines.length;
      yield { events: parseLines(lines, read), end: position };
    } else if (bytesRead < size || size >= longestLine) return;
    size = lines.length > 0 ? blockBytes : size * 2;
  }
}

function parseLines(lines: Buffer, read: typeof asEvent): readonly SessionEvent[] {
  return lines
    .toString()
    .split("\n")
    .flatMap((line) => {
      const data = parseLine(line);
      return (data && read(data)) ?? [];
    });
}

function parseLine(line: string): Parameters<typeof asEvent>[0] | undefined {
  try {
    const data = JSON.parse(line);
    return typeof data === "object" ? (data ?? undefined) : undefined;
  } catch {
    return undefined;
  }
}
