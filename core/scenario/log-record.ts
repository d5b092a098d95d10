import { RE2JS } from "re2js";

/** Characters of a log that are kept to be searched; a scenario with a larger log asks for its size alone. */
const maximumLength = 64 * 1024 ** 2;

/** A task's log as it came, for searches that tell when a text was there. */
export interface LogRecord {
  add(bytes: Uint8Array): void;
  /** Bytes, line ends as they came. */
  bytes(): number;
  /** The log with LF as line ends. */
  text(): string;
  /** The time at which it had that many bytes, in milliseconds since the epoch; undefined if it never had. */
  timeOfSize(bytes: number): number | undefined;
  /** The time at which it had a text; undefined if it doesn't have it. */
  timeOf(text: string): number | undefined;
  /** The time at which it had a match of a regular expression of RE2. */
  timeOfMatch(pattern: string): number | undefined;
  /** Settles when it has a text. */
  untilHas(text: string): Promise<void>;
}

interface Piece {
  /** UTF-16 code units, and bytes, of the log with this piece. */
  readonly end: number;
  readonly bytes: number;
  readonly time: number;
}

export function createLogRecord(): LogRecord {
  const decoder = new TextDecoder();
  const pieces: Piece[] = [];
  const waiting = new Set<{ readonly text: string; readonly found: () => void }>();
  let text = "";
  let bytes = 0;
  /** A CR at the end of what has come, whose LF may come next. */
  let held = "";
  const timeAt = (end: number) => pieces.find((piece) => piece.end >= end)?.time;
  return {
    add: (chunk) => {
      bytes += chunk.length;
      const before = text.length;
      if (before < maximumLength) {
        const came = held + decoder.decode(chunk, { stream: true });
        held = came.endsWith("\r") ? "\r" : "";
        text += came.slice(0, came.length - held.length).replaceAll("\r\n", "\n");
      }
      pieces.push({ end: text.length, bytes, time: Date.now() });
      for (const one of waiting) {
        if (!text.includes(one.text, Math.max(0, before - one.text.length))) continue;
        waiting.delete(one);
        one.found();
      }
    },
    bytes: () => bytes,
    text: () => text,
    timeOfSize: (size) => pieces.find((piece) => piece.bytes >= size)?.time,
    timeOf: (wanted) => {
      const index = text.indexOf(wanted);
      return index < 0 ? undefined : timeAt(index + wanted.length);
    },
    timeOfMatch: (pattern) => {
      const matcher = RE2JS.compile(pattern).matcher(text);
      return matcher.find() ? timeAt(matcher.end()) : undefined;
    },
    untilHas: (wanted) =>
      new Promise((found) => {
        if (text.includes(wanted)) found();
        else waiting.add({ text: wanted, found });
      }),
  };
}
