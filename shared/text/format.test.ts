import { expect, test } from "vitest";
import { formatBytes, formatCount, formatDuration } from "./format.ts";

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
