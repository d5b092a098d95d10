import { type FileHandle, open } from "node:fs/promises";
import type { SessionEvent } from "../../shared/session-event.ts";

/** How much of a log is read at once; a longer line is read whole. */
const blockBytes = 256 * 1024;
const lineFeed = 0x0a;

/** Some events that follow one another in a log. */
interface EventBlock {
  readonly events: readonly SessionEvent[];
  /** The position in the file behind them. */
  readonly end: number;
}

/**
 * Reads the log of a session that has ended, or is another process's: what is in it until its end.
 *
 * A last line that its process did not come to end is left out, and so is anything else that is no event.
 *
 * @throws the system's error when the file can't be read.
 */
export async function* readSessionLog(path: string): AsyncGenerator<readonly SessionEvent[], void, void> {
  await using file = await open(path);
  for await (const { events } of eventBlocks(file, 0)) yield events;
}

/**
 * Reads whole lines from a position on, until there are no more.
 *
 * @param limit the position behind the last whole line, when that is known; it may grow meanwhile.
 */
export async function* eventBlocks(
  file: FileHandle,
  start: number,
  limit = () => Number.POSITIVE_INFINITY,
): AsyncGenerator<EventBlock, void, void> {
  let position = start;
  let size = blockBytes;
  while (position < limit()) {
    const block = Buffer.allocUnsafe(Math.min(size, limit() - position));
    const { bytesRead } = await file.read(block, 0, block.length, position);
    const lines = block.subarray(0, block.subarray(0, bytesRead).lastIndexOf(lineFeed) + 1);
    if (lines.length > 0) {
      position += lines.length;
      yield { events: parseLines(lines), end: position };
    } else if (bytesRead < size) return;
    size = lines.length > 0 ? blockBytes : size * 2;
  }
}

function parseLines(lines: Buffer): readonly SessionEvent[] {
  return lines
    .toString()
    .split("\n")
    .flatMap((line) => parseLine(line) ?? []);
}

/** A log is only ever written by Tinsmith: so a line that has an event's number is taken for one. */
function parseLine(line: string): SessionEvent | undefined {
  try {
    const event = JSON.parse(line);
    return Number.isInteger(event?.seq) ? event : undefined;
  } catch {
    return undefined;
  }
}
