import { isInSpan, type SessionSpan } from "./session-span.ts";

/** A time in milliseconds since the epoch, and the number of bytes of a log that had come by then. */
export type OutputTime = readonly [time: number, bytes: number];

/** The times of a log's bytes, both in their order. */
export interface OutputTimes {
  readonly times: readonly OutputTime[];
  /** How many were left out, because they can't be true. */
  readonly wrong: number;
}

/**
 * Reads a file such as a session's `serial.times`, in which each line has a time and a number of bytes. Half a line is left
 * out, as is one whose numbers can't be true: the record may be damaged, or another's.
 *
 * @param span of the session, if it is known
 */
export function parseOutputTimes(text: string, span?: SessionSpan): OutputTimes {
  const times: OutputTime[] = [];
  let wrong = 0;
  for (const line of text.slice(0, text.lastIndexOf("\n") + 1).split("\n")) {
    if (line === "") continue;
    const [, time, bytes] = /^(\d{1,15}(?:\.\d+)?) (\d{1,15})$/.exec(line)?.map(Number) ?? [];
    const [before = 0, printed = 0] = times.at(-1) ?? [];
    const isTrue =
      time !== undefined &&
      bytes !== undefined &&
      time >= before &&
      bytes >= printed &&
      (!span || isInSpan(span, time));
    if (isTrue) times.push([time, bytes]);
    else wrong += 1;
  }
  return { times, wrong };
}
