import { type OutputTimes, parseOutputTimes } from "../../shared/session/output-times.ts";
import type { SessionSpan } from "../../shared/session/session-span.ts";
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
 * @returns how many times were left out, because they can't be true
 * @throws AppError when a file can't be read
 */
export async function* serialToAsciicast(
  files: Pick<SessionPaths, "serialLog" | "serialTimes">,
  { span, title }: { readonly span: SessionSpan; readonly title: string },
): AsyncGenerator<string, number, void> {
  const { start } = span;
  yield `${JSON.stringify({ version: 2, ...terminal, timestamp: Math.floor(start / 1000), title })}\n`;
  const size = statusOf(files.serialLog)?.size ?? 0;
  if (size === 0) return 0;
  const { times, wrong } = readTimes(files.serialTimes, span);
  const decoder = new TextDecoder();
  await using log = await openRegularFile(files.serialLog);
  let position = 0;
  for (const [time, until] of [...times, [times.at(-1)?.[0] ?? start, size] as const]) {
    while (position < Math.min(until, size)) {
      const block = Buffer.alloc(Math.min(blockBytes, until - position));
      const { bytesRead } = await log.read(block, 0, block.length, position);
      if (bytesRead === 0) return wrong;
      position += bytesRead;
      // A character may be cut between two blocks.
      const text = decoder.decode(block.subarray(0, bytesRead), { stream: true });
      if (text !== "") yield `${JSON.stringify([(time - start) / 1000, "o", text])}\n`;
    }
  }
  return wrong;
}

function readTimes(path: string, span: SessionSpan): OutputTimes {
  if (!statusOf(path)) return { times: [], wrong: 0 };
  return parseOutputTimes(readTextFile(path, { maximumBytes: maximumTimesBytes, code: "usage" }), span);
}
