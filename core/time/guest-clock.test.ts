import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { timeLimit } from "../async/abort.ts";
import { startGuestClock } from "./guest-clock.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const minute = 60_000;

test("a time limit stands still while the guest does, and goes on with what was left of it", () => {
  const clock = startGuestClock();
  using limit = timeLimit(60, (seconds) => `not within ${seconds} s`, clock);
  vi.advanceTimersByTime(0.75 * minute);
  clock.suspend(true);
  clock.suspend(true);
  vi.advanceTimersByTime(5 * minute);
  expect(limit.signal.aborted).toBe(false);
  clock.suspend(false);
  clock.suspend(false);
  vi.advanceTimersByTime(0.25 * minute - 1);
  expect(limit.signal.aborted).toBe(false);
  vi.advanceTimersByTime(1);
  expect(limit.signal.reason).toMatchObject({
    code: "timed-out",
    message: "not within 60 s",
  });
});

test("standing still twice is counted neither time", () => {
  const clock = startGuestClock();
  using limit = timeLimit(60, (seconds) => `not within ${seconds} s`, clock);
  for (let times = 0; times < 2; times += 1) {
    vi.advanceTimersByTime(20_000);
    clock.suspend(true);
    vi.advanceTimersByTime(minute);
    clock.suspend(false);
  }
  vi.advanceTimersByTime(19_999);
  expect(limit.signal.aborted).toBe(false);
  vi.advanceTimersByTime(1);
  expect(limit.signal.aborted).toBe(true);
});

test("a time that is set while the guest stands still begins when it goes on", () => {
  const clock = startGuestClock();
  clock.suspend(true);
  const act = vi.fn();
  clock.after(1000, act);
  vi.advanceTimersByTime(minute);
  clock.suspend(false);
  vi.advanceTimersByTime(999);
  expect(act).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(act).toHaveBeenCalledOnce();
});

test("what was disposed of does not come back when the guest goes on", () => {
  const clock = startGuestClock();
  const act = vi.fn();
  const alarm = clock.after(1000, act);
  clock.suspend(true);
  alarm[Symbol.dispose]();
  clock.suspend(false);
  vi.advanceTimersByTime(minute);
  expect(act).not.toHaveBeenCalled();
  expect(vi.getTimerCount()).toBe(0);
});

test("without a number of seconds there is no limit", () => {
  using limit = timeLimit(undefined, () => "never", startGuestClock());
  vi.advanceTimersByTime(1e9);
  expect(limit.signal.aborted).toBe(false);
});

test("what is done again and again waits while the guest stands still", () => {
  const clock = startGuestClock();
  const act = vi.fn();
  using _pings = clock.every(1000, act);
  vi.advanceTimersByTime(2500);
  expect(act).toHaveBeenCalledTimes(2);
  clock.suspend(true);
  vi.advanceTimersByTime(minute);
  clock.suspend(false);
  vi.advanceTimersByTime(500);
  expect(act).toHaveBeenCalledTimes(3);
});

test("it tells how far behind the guest's own clock is, until that was set", () => {
  const clock = startGuestClock();
  expect(clock.behind()).toBe(0);
  for (let times = 1; times <= 2; times += 1) {
    clock.suspend(true);
    vi.advanceTimersByTime(minute);
    expect(clock.behind()).toBe(times * minute);
    clock.suspend(false);
    vi.advanceTimersByTime(minute);
    expect(clock.behind()).toBe(times * minute);
  }
  clock.suspend(true);
  vi.advanceTimersByTime(minute);
  clock.setRight();
  expect(clock.behind()).toBe(0);
  vi.advanceTimersByTime(1000);
  expect(clock.behind()).toBe(1000);
});

test("while a message is held its time stops, and the guest's own clock is not behind", () => {
  const clock = startGuestClock();
  const act = vi.fn();
  clock.after(1000, act);
  clock.hold(true);
  vi.advanceTimersByTime(5000);
  expect([act.mock.calls.length, clock.isSuspended(), clock.behind()]).toEqual([0, true, 0]);
  clock.suspend(true);
  clock.hold(false);
  vi.advanceTimersByTime(5000);
  expect([act.mock.calls.length, clock.behind()]).toEqual([0, 5000]);
  clock.suspend(false);
  vi.advanceTimersByTime(1000);
  expect(act).toHaveBeenCalledOnce();
});
