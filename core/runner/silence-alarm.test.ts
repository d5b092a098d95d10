import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type GuestClock, startGuestClock } from "../time/guest-clock.ts";
import { noteLateStart, SilenceAlarm } from "./silence-alarm.ts";

const minute = 60_000;
let firsts = 0;
let alarm: SilenceAlarm;
let clock: GuestClock;
beforeEach(() => {
  vi.useFakeTimers();
  firsts = 0;
  clock = startGuestClock();
  alarm = new SilenceAlarm(
    () => {
      firsts += 1;
    },
    "Start them again.",
    clock,
  );
});
afterEach(() => {
  alarm[Symbol.dispose]();
  vi.useRealTimers();
});

function reason(): unknown {
  return alarm.signal.reason;
}

test("guest tools that never come are given up after 15 minutes", () => {
  vi.advanceTimersByTime(14 * minute);
  expect(alarm.signal.aborted).toBe(false);
  vi.advanceTimersByTime(1 * minute);
  expect(reason()).toMatchObject({
    code: "guest-tools-lost",
    message: "the guest tools did not start: no request for 900 s",
    advice: "Start them again.",
  });
});

test("once they have come, two minutes of silence mean that they are lost", () => {
  for (let heard = 0; heard < 3; heard += 1) {
    alarm.postpone();
    vi.advanceTimersByTime(1.9 * minute);
  }
  expect(alarm.signal.aborted).toBe(false);
  expect(firsts).toBe(1);
  vi.advanceTimersByTime(0.1 * minute);
  expect(reason()).toMatchObject({ message: "the guest tools fell silent: no request for 120 s" });
});

test("while the guest is made to stand still, its silence means nothing", () => {
  alarm.postpone();
  clock.suspend(true);
  alarm.postpone();
  vi.advanceTimersByTime(60 * minute);
  expect(alarm.signal.aborted).toBe(false);
  clock.suspend(false);
  vi.advanceTimersByTime(2 * minute);
  expect(alarm.signal.aborted).toBe(true);
});

test("after a reset, the guest has the time of a boot again until it is heard", () => {
  alarm.postpone();
  alarm.awaitBoot();
  vi.advanceTimersByTime(14 * minute);
  expect(alarm.signal.aborted).toBe(false);
  alarm.postpone();
  expect(firsts).toBe(1);
  vi.advanceTimersByTime(2 * minute);
  expect(reason()).toMatchObject({ message: "the guest tools fell silent: no request for 120 s" });
});

test("guest tools that are late are told of once, with the place of the guest's console", () => {
  const notes: string[] = [];
  using late = noteLateStart(clock, "/s/serial.log", (text) => notes.push(text));
  vi.advanceTimersByTime(59_000);
  expect(notes).toEqual([]);
  vi.advanceTimersByTime(10 * minute);
  expect(notes).toEqual([
    "The guest tools have not started within 60 s: the guest still boots, or has stopped on the way. Look at its screen (tinsmith screen) and its console: /s/serial.log",
  ]);
  late[Symbol.dispose]();
});

test("guest tools that have started are not late", () => {
  const notes: string[] = [];
  noteLateStart(clock, "/s/serial.log", (text) => notes.push(text))[Symbol.dispose]();
  vi.advanceTimersByTime(10 * minute);
  expect(notes).toEqual([]);
});
