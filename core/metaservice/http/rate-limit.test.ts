import { expect, test, vi } from "vitest";
import {
  connectRaw,
  countTimers,
  openLog,
  startTestService,
  until,
  watchTimers,
} from "../service/test-service.ts";
import { createRateLimit } from "./rate-limit.ts";

test("a burst passes at once, the rest at its rate, and room for a burst comes back", async () => {
  watchTimers();
  using limit = createRateLimit(1000, 100);
  expect(limit.take(1000)).toBeUndefined();
  const passed = vi.fn();
  void limit.take(50)?.then(passed);
  await vi.advanceTimersByTimeAsync(499);
  expect(passed).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(passed).toHaveBeenCalled();
  vi.advanceTimersByTime(60_000);
  expect(limit.take(1000)).toBeUndefined();
  expect(limit.take(1)).toBeInstanceOf(Promise);
});

test("several at once share the rate", async () => {
  watchTimers();
  using limit = createRateLimit(0, 100);
  const passed: number[] = [];
  for (const number of [1, 2, 3]) void limit.take(100)?.then(() => passed.push(number));
  for (const expected of [[1], [1, 2], [1, 2, 3]]) {
    await vi.advanceTimersByTimeAsync(1000);
    expect(passed).toEqual(expected);
  }
});

test("what is held up is let go when it is disposed of", async () => {
  watchTimers();
  const limit = createRateLimit(0, 1);
  const held = limit.take(1e6);
  limit[Symbol.dispose]();
  await held;
  expect(vi.getTimerCount()).toBe(0);
});

test("a guest that logs too fast is held up, and all of its log arrives", async () => {
  watchTimers();
  const service = await startTestService({ limits: { logBurstBytes: 100_000, logBytesPerSecond: 1e6 } });
  const guest = await connectRaw(service);
  const length = 5e6;
  guest.write(openLog("", length));
  guest.write(Buffer.alloc(length));
  const { now } = performance;
  const began = now.call(performance);
  while (service.logged().length < length) {
    await until(() => countTimers() > 0 || service.logged().length === length);
    if (countTimers() > 0) vi.advanceTimersToNextTimer();
  }
  const seconds = (now.call(performance) - began) / 1000;
  expect(seconds).toBeGreaterThan(4.7);
  expect(seconds).toBeLessThan(5);
});
