import { expect, test } from "vitest";
import type { SessionEvent } from "./session-event.ts";
import { createSpanFinder, describeWrongTimes, isInSpan } from "./session-span.ts";

const event = (type: string, time: number) => ({ type, time, seq: 1 }) as unknown as SessionEvent;
const spanOf = (now: number, ...events: readonly SessionEvent[]) => {
  const finder = createSpanFinder();
  finder.add(events);
  return finder.span(now);
};

test("a session ends with its last event, also if others tell of wild times", () => {
  const span = spanOf(
    9e12,
    event("run-started", 1_000),
    event("screen-changed", 8e12),
    event("run-finished", 5_000),
    event("exchange-ended", 4_990),
  );
  expect(span).toEqual({ start: 1_000, end: 5_000, latest: 65_000 });
  expect([999, 1_000, 5_100, 8e12].map((time) => isInSpan(span, time))).toEqual([false, true, true, false]);
});

test("a session that was killed may have shown more after its last event, but nothing after now", () => {
  const events = [event("run-started", 1_000), event("note", 5_000)];
  expect(spanOf(10_000, ...events)).toEqual({ start: 1_000, end: 5_000, latest: 10_000 });
  expect(spanOf(1e12, ...events).latest).toBe(5_000 + 24 * 60 * 60_000);
  expect(spanOf(10_000, ...events, event("note", 8e12))).toEqual({
    start: 1_000,
    end: 10_000,
    latest: 10_000,
  });
});

test("wrong times are told by their number", () => {
  expect(describeWrongTimes(0, "its screen")).toEqual([]);
  expect(describeWrongTimes(1, "its screen").join()).toContain(
    "1 time of its screen is not within the session, or not in order, and was left out.",
  );
});
