import type { SessionLog } from "../sessions/session-log.ts";
import type { Span } from "./time-span.ts";

/** The axis of a running session grows by a part of itself, and at least by so many milliseconds. */
const growth = { part: 1 / 8, least: 5_000 };

/**
 * All of the time of a session: from its beginning to its end; while it runs, to a moment that is not long after now.
 *
 * @param now undefined when it does not run
 */
export function sessionAxis({ run, exchanges, marks }: SessionLog, now: number | undefined): Span {
  const first = exchanges.at(0);
  const last = exchanges.at(exchanges.length - 1);
  const from = run.started || (first?.started ?? 0);
  const ended = run.outcome.status === "running" ? 0 : run.outcome.finished;
  const seen = Math.max(from, ended, last?.ended ?? last?.started ?? 0, marks.at(-1)?.time ?? 0);
  const to = now === undefined ? seen : Math.max(seen, now);
  if (now === undefined) return { from, to };
  // All rows are drawn again when it grows.
  const length = to - from;
  const step = Math.max(growth.least, 2 ** Math.floor(Math.log2(length * growth.part)));
  return { from, to: from + Math.ceil(length / step) * step };
}

/** Whether an exchange took place in a span, even in part. */
export function isWithin(
  { started, ended = Number.POSITIVE_INFINITY }: { started: number; ended?: number },
  span: Span,
) {
  return started <= span.to && ended >= span.from;
}
