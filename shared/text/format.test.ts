import { expect, test } from "vitest";
import {
  formatBytes,
  formatCount,
  formatDate,
  formatDuration,
  formatLatency,
  formatOffset,
  formatTimeOfDay,
} from "./format.ts";

test("bytes are shown in the largest unit that leaves a number of one or more", () => {
  expect([0, 999, 1000, 1049, 99_949_999, 123_456_789, 5e13].map(formatBytes)).toEqual([
    "0 bytes",
    "999 bytes",
    "1.0 kB",
    "1.0 kB",
    "99.9 MB",
    "123 MB",
    "50.0 TB",
  ]);
});

test("durations are shown in tenths of seconds, past a minute in whole seconds", () => {
  expect([0, 449, 59_940, 125_900].map(formatDuration)).toEqual(["0.0 s", "0.4 s", "59.9 s", "2 min 5 s"]);
});

test("a count has the thing that it counts, as one or as many", () => {
  expect([0, 1, 1_200].map((count) => formatCount(count, "session"))).toEqual([
    "0 sessions",
    "1 session",
    "1,200 sessions",
  ]);
  expect([1, 2].map((count) => formatCount(count, "try", "tries"))).toEqual(["1 try", "2 tries"]);
});

test.each([
  [0.44, "0.4 ms"],
  [12.4, "12 ms"],
  [1_240, "1.24 s"],
  [96_000, "1 min 36 s"],
  [3_720_000, "62 min"],
])("a latency of %d ms is %s", (milliseconds, text) => {
  expect(formatLatency(milliseconds)).toBe(text);
});

test.each([
  [-5, 1, "0:00.0"],
  [3_240, 1, "0:03.2"],
  [3_240, 3, "0:03.240"],
  [15_000, 0, "0:15"],
  [59_960, 1, "1:00.0"],
  [64_510, 1, "1:04.5"],
  [7_400_000, 0, "2:03:20"],
])("the moment %d ms after the start, with %d decimals, is %s", (milliseconds, decimals, text) => {
  expect(formatOffset(milliseconds, decimals)).toBe(text);
});

test("a date has its time of day, in an order that sorts", () => {
  const time = new Date(2026, 10, 3, 14, 3, 59).getTime();
  expect(formatDate(time)).toBe("2026-11-03 14:03:59");
  expect(formatTimeOfDay(time)).toBe("14:03:59");
});
