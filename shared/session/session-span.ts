import { formatCount } from "../text/format.ts";
import type { SessionEvent } from "./session-event.ts";

/** The time that a session has taken, by its events. Milliseconds since the epoch. */
export interface SessionSpan {
  readonly start: number;
  readonly end: number;
  /** A later time is wrong. It is behind the end: a session that was killed may have shown more after its last event. */
  readonly latest: number;
}

/** Finds the span of a session from its events, which may come in pieces. */
export interface SpanFinder {
  add(events: readonly SessionEvent[]): void;
  /** @param now the present: no session has taken place after it */
  span(now?: number): SessionSpan;
}

/** The end of a session is on its way to the disk for so long. */
const afterEnd = 60_000;
/** Without an event, guests under way print for hours: an installation that nobody watches. */
const afterLastEvent = 24 * 60 * 60_000;

const ends: readonly SessionEvent["type"][] = [
  "run-finished",
  "run-failed",
  "build-finished",
  "build-failed",
];

export function createSpanFinder(): SpanFinder {
  let start: number | undefined;
  let last = 0;
  let ended: number | undefined;
  return {
    add: (events) => {
      for (const { type, time } of events) {
        start ??= time;
        last = time;
        if (ends.includes(type)) ended = time;
      }
    },
    span: (now = Date.now()) => {
      const from = start ?? 0;
      const end = Math.max(from, ended ?? Math.min(last, now));
      const latest =
        ended === undefined ? Math.max(end, Math.min(end + afterLastEvent, now)) : end + afterEnd;
      return { start: from, end, latest };
    },
  };
}

/** Whether something can have happened in a session. */
export function isInSpan({ start, latest }: SessionSpan, time: number): boolean {
  return time >= start && time <= latest;
}

/** Says that times of a session are wrong, and were left out; nothing if there are none. */
export function describeWrongTimes(count: number, what: string): readonly string[] {
  if (count === 0) return [];
  const [are, were] = count === 1 ? ["is", "was"] : ["are", "were"];
  return [
    `The record of this session is damaged: ${formatCount(count, "time")} of ${what} ${are} not within the session, or not in order, and ${were} left out.`,
  ];
}
