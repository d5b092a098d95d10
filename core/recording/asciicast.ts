import { type OutputTime, parseOutputTimes } from "../../shared/session/output-times.ts";
import { openRegularFile, statusOf } from "../files/regular-file.ts";
import { readTextFile } from "../files/text-file.ts";
import type { SessionPaths } from "../storage/paths.ts";

/** The size of a serial console's terminal: serial lines tell none, so guests assume this one. */
const terminal = { width: 80, height: 24 };
/** Bytes of a log that are read at once. */
const blockBytes = 64 * 1024;
/** Bytes: the times of a guest that prints for months. */
const maximumTimesBytes = 32 * 1024 ** 2;

/**
 * The serial console of a session as an asciicast of version 2, line by line:
 * https://docs.asciinema.org/manual/asciicast/v2/. Output without a time, such as the end of a log that has reached
 * its quota, comes with the last one that has a time.
 *
 * @param start the time at which it begins, in milliseconds since the epoch
 * @throws AppError when a file can't be read
 */
export async function* serialToAsciicast(
  files: Pick<SessionPaths, "serialLog" | "serialTimes">,
  { start, title }: { readonly start: number; readonly title: string },
): AsyncGenerator<string, void, void> {
  yield `${JSON.stringify({ version: 2, ...terminal, timestamp: Math.floor(start / 1000), title })}\n`;
  const size = statusOf(files.serialLog)?.size ?? 0;
  if (size === 0) return;
  const times = readTimes(files.serialTimes);
  const decoder = new TextDecoder();
  await using log = await openRegularFile(files.serialLog);
  let position = 0;
  for (const [time, until] of [...times, [times.at(-1)?.[0] ?? start, size] as const]) {
    while (position < Math.min(until, size)) {
      const block = Buffer.alloc(Math.min(blockBytes, until - position));
      const { bytesRead } = await log.read(block, 0, block.length, position);
      if (bytesRead === 0) return;
      position += bytesRead;
      // A character may be cut between two blocks.
      const text = decoder.decode(block.subarray(0, bytesRead), { stream: true });
      if (text !== "") yield `${JSON.stringify([Math.max(0, time - start) / 1000, "o", text])}\n`;
    }
  }
}

function readTimes(path: string): readonly OutputTime[] {
  if (!statusOf(path)) return [];
  return parseOutputTimes(readTextFile(path, { maximumBytes: maximumTimesBytes, code: "usage" }));
}
