import { expect, test } from "vitest";
import { createThroughputLimit } from "./throughput-limit.ts";

/** A pace of 1000 a second, on a clock that only waiting moves. */
function newLimit() {
  const clock = { now: 0 };
  const wait = async (milliseconds?: number) => {
    clock.now += milliseconds ?? 0;
  };
  return {
    clock,
    pace: createThroughputLimit(
      1000,
      () => clock.now,
      wait as typeof import("node:timers/promises").setTimeout,
    ),
  };
}

test("what is little goes at once", async () => {
  const { clock, pace } = newLimit();
  await pace.turn(1);
  await pace.turn(5);
  expect(clock.now).toBe(0);
});

test("what is much takes as long as the rate says", async () => {
  const { clock, pace } = newLimit();
  for (let sent = 0; sent < 10_000; sent += 50) await pace.turn(50);
  expect(clock.now).toBeGreaterThan(9_900);
  expect(clock.now).toBeLessThan(10_000);
});

test("a pause earns no right to go faster afterwards", async () => {
  const { clock, pace } = newLimit();
  await pace.turn(50);
  clock.now = 60_000;
  for (let sent = 0; sent < 1_000; sent += 50) await pace.turn(50);
  expect(clock.now).toBeGreaterThan(60_900);
});
