import { expect, test } from "vitest";
import { type OutputTrack, printedUntil } from "./recording.ts";
import { advance } from "./replay.ts";

test("a replay goes on by as much time as has passed", () => {
  const recording = { moments: [1_000, 1_500, 2_000], end: 2_200 };
  expect(advance(recording, 1_100, 16, 1_000)).toBe(1_116);
  expect(advance(recording, 2_190, 16, 1_000)).toBe(2_200);
});

test("a time in which nothing changes is cut short", () => {
  const recording = { moments: [1_000, 61_000], end: 90_000 };
  expect(advance(recording, 1_000, 16, 1_000)).toBe(60_016);
  expect(advance(recording, 60_500, 16, 1_000)).toBe(60_516);
  expect(advance(recording, 61_000, 16, 1_000)).toBe(89_016);
});

test("a console shows what had come by a time, and all of it if its times are not known", () => {
  const track: OutputTrack = { bytes: new Uint8Array(100), times: [10, 20, 30], ends: [7, 9, 60] };
  expect([0, 10, 19, 20, 29].map((time) => printedUntil(track, time))).toEqual([0, 7, 7, 9, 9]);
  // The rest has no times.
  expect(printedUntil(track, 30)).toBe(100);
  expect(printedUntil({ ...track, times: [], ends: [] }, 0)).toBe(100);
});
