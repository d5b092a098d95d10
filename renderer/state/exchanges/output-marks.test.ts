import { expect, test } from "vitest";
import { nearestMark, outputMarks } from "./output-marks.ts";

const axis = { from: 1_000, to: 2_000 };

test("output is marked once in each part of the axis, with all bytes that came in it", () => {
  const marks = outputMarks(
    [
      [900, 5],
      [1_010, 15],
      [1_090, 20],
      [1_500, 1_020],
      [2_500, 2_000],
    ],
    axis,
    10,
  );
  expect(marks).toEqual([
    { time: 1_010, bytes: 15 },
    { time: 1_500, bytes: 1_000 },
  ]);
  expect(outputMarks([], axis, 10)).toEqual([]);
});

test("the nearest mark of a time is before or after it", () => {
  const marks = [
    { time: 1_010, bytes: 1 },
    { time: 1_500, bytes: 1 },
  ];
  expect(nearestMark(marks, 1_200)?.time).toBe(1_010);
  expect(nearestMark(marks, 1_300)?.time).toBe(1_500);
  expect(nearestMark([], 1_300)).toBeUndefined();
});
