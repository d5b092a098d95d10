import { type OutputTimes, parseOutputTimes } from "../../shared/session/output-times.ts";
import { describeOutputFaults } from "../../shared/session/recording-faults.ts";
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
 * @returns notes for the person about what the record lacks, or what was left out of it
 * @throws AppError when the log can't be read
 */
export async function* serialToAsciicast(
  files: Pick<SessionPaths, "serialLog" | "serialTimes">,
  { span, title }: { readonly span: SessionSpan; readonly title: string },
): AsyncGenerator<string, readonly string[], void> {
  const { start } = span;
  yield `${JSON.stringify({ version: 2, ...terminal, timestamp: Math.floor(start / 1000), title })}\n`;
  const status = statusOf(files.serialLog);
  const size = status?.isFile() ? status.size : 0;
  const known = readTimes(files.serialTimes, span);
  const { times } = known;
  const notes = describeOutputFaults(known, size, "the serial console");
  if (size === 0) return notes;
  const decoder = new TextDecoder();
  await using log = await openRegularFile(files.serialLog);
  let position = 0;
  for (const [time, until] of [...times, [times.at(-1)?.[0] ?? start, size] as const]) {
    while (position < Math.min(until, size)) {
      const block = Buffer.alloc(Math.min(blockBytes, until - position));
      const { bytesRead } = await log.read(block, 0, block.length, position);
      if (bytesRead === 0) return notes;
      position += bytesRead;
      // A character may be cut between two blocks.
      const text = decoder.decode(block.subarray(0, bytesRead), { stream: true });
      if (text !== "") yield `${JSON.stringify([(time - start) / 1000, "o", text])}\n`;
    }
  }
  return notes;
}

/** None if there is no such file, or it can't be read: the console's output is worth showing without them. */
function readTimes(path: string, span: SessionSpan): OutputTimes {
  try {
    return parseOutputTimes(readTextFile(path, { maximumBytes: maximumTimesBytes, code: "usage" }), span);
  } catch {
    return { times: [], wrong: 0 };
  }
}
