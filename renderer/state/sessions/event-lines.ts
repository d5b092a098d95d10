import { followEvents } from "./follow-events.ts";

/** An event of a session of another version, as much as can be told of one whose kind may be unknown. */
export interface EventLine {
  readonly number: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly type: string;
  /** Empty when the event has no text of its own. */
  readonly text: string;
}

/** Lines that are kept; older ones are in the session's log. */
const maxLines = 1_000;

/**
 * Follows the events of a session of another version. Of its events only `seq`, `type` and `time` are certain: see
 * shared/contracts/session-protocol.ts.
 *
 * @param show takes the last lines whenever there are more.
 * @returns a function that ends it.
 */
export function followEventLines(session: string, show: (lines: readonly EventLine[]) => void): () => void {
  let lines: readonly EventLine[] = [];
  return followEvents(session, {
    seen: () => lines.at(-1)?.number ?? 0,
    show: (events) => {
      lines = [...lines, ...events.map(eventLine)].slice(-maxLines);
      show(lines);
    },
  });
}

function eventLine({ seq, time, type, ...rest }: { seq: number; time: number; type: string }): EventLine {
  const { text, message }: { text?: unknown; message?: unknown } = rest;
  const told = [text, message].find((one) => typeof one === "string") as string | undefined;
  return { number: seq, time, type, text: told ?? "" };
}
