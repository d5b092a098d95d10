import { statSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import type { SessionEvent } from "../../shared/session/session-event.ts";
import { openSessionLog } from "./session-log.ts";
import { all, eventsOf, newPath, numbers, record, take } from "./test-session-log.ts";

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

/** Bytes in use, without what only waits to be collected. */
function usedMemory(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

test("a subscriber has what was, then what comes, and ends with the log", async () => {
  const log = openSessionLog(newPath());
  record(log, 1, 3);
  const events = eventsOf(log);
  expect(numbers(await take(events, 3))).toEqual([1, 2, 3]);
  const next = events.next();
  record(log, 4, 5);
  expect(await next).toMatchObject({ value: { seq: 4, text: "4" } });
  log[Symbol.dispose]();
  expect(numbers(await all(events))).toEqual([5]);
});

test("a subscriber that has slept, for however long, is woken by an event and by the end", async () => {
  for (let turns = 0; turns < 100; turns++) {
    const log = openSessionLog(newPath());
    const events = eventsOf(log);
    const first = events.next();
    for (let turn = 0; turn < turns; turn++) await setImmediate();
    record(log, 1, 1);
    expect(await first).toMatchObject({ value: { seq: 1 } });
    const end = events.next();
    for (let turn = 0; turn < turns; turn++) await setImmediate();
    log[Symbol.dispose]();
    expect(await end).toEqual({ done: true, value: undefined });
  }
});

test("a subscriber that comes after the end has all of it", async () => {
  const log = openSessionLog(newPath());
  record(log, 1, 3);
  log[Symbol.dispose]();
  record(log, 4, 4);
  expect(numbers(await all(eventsOf(log, { after: 1 })))).toEqual([2, 3]);
});

test.each([0, 1, 1023, 1024, 1025, 2047, 2048, 2500, 3000, 9999])(
  "a subscriber that has seen event %i goes on behind it",
  async (after) => {
    const log = openSessionLog(newPath());
    record(log, 1, 3000);
    const events = eventsOf(log, { after });
    const first = events.next();
    record(log, 3001, 10_001);
    expect(await first).toMatchObject({ value: { seq: after + 1, text: `${after + 1}` } });
    log[Symbol.dispose]();
    expect(numbers(await all(events))).toEqual(upTo(10_001).slice(after + 1));
  },
);

test("subscribers at every moment of a busy log miss nothing and have nothing twice", async () => {
  const log = openSessionLog(newPath());
  const readers: Promise<readonly SessionEvent[]>[] = [];
  for (let round = 0; round < 50; round++) {
    readers.push(all(eventsOf(log, { after: round * 20 })));
    for (let number = 1; number <= 40; number++) {
      record(log, round * 40 + number, round * 40 + number);
      // Some in the midst of a burst, some while the readers read, some while they sleep.
      if (number % 7 === 0) await null;
      if (number % 10 === 0) await setImmediate();
    }
  }
  log[Symbol.dispose]();
  for (const [round, events] of (await Promise.all(readers)).entries())
    expect(numbers(events)).toEqual(upTo(2000).slice(round * 20));
});

test("a signal ends a subscription that waits, one that is taken, and one that has not begun", async () => {
  using log = openSessionLog(newPath());
  record(log, 1, 10);
  const abort = new AbortController();
  const { signal } = abort;
  const [waiting, taken, unbegun] = [
    log.subscribe({ signal }),
    log.subscribe({ signal }),
    log.subscribe({ signal }),
  ];
  expect((await waiting.next()).value).toHaveLength(10);
  const next = waiting.next();
  expect((await taken.next()).value).toHaveLength(10);
  abort.abort();
  for (const result of [next, taken.next(), unbegun.next()])
    expect(await result).toEqual({ done: true, value: undefined });
});

test("a subscriber that stands still holds nothing in memory", async () => {
  const path = newPath();
  using log = openSessionLog(path);
  const text = "x".repeat(1000);
  const write = (count: number) => {
    for (let number = 0; number < count; number++) log.record({ type: "note", text });
  };
  write(100);
  await using events = eventsOf(log);
  await take(events, 1);
  const before = usedMemory();
  write(60_000);
  await setImmediate();
  expect(statSync(path).size).toBeGreaterThan(60e6);
  // It would be 60 MB.
  expect(usedMemory() - before).toBeLessThan(20e6);
  expect((await take(events, 60_099)).at(-1)?.seq).toBe(60_100);
});
