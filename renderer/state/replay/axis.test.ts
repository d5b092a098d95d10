import { expect, test } from "vitest";
import { activity, countUntil, nextMoment, previousMoment } from "./axis.ts";

test("each part of the axis has the number of times in it", () => {
  expect(activity([0, 1, 9, 10, 99, 100], { start: 0, end: 100 }, 10)).toEqual([
    3, 1, 0, 0, 0, 0, 0, 0, 0, 2,
  ]);
  expect(activity([5, 5], { start: 5, end: 5 }, 2)).toEqual([2, 0]);
});

test("one step goes to the next or previous change, and not beyond the ends", () => {
  const moments = [10, 20, 35];
  expect([0, 10, 15, 20, 34, 35, 99].map((time) => nextMoment(moments, time))).toEqual([
    10,
    20,
    20,
    35,
    35,
    undefined,
    undefined,
  ]);
  expect([99, 35, 34, 10, 5].map((time) => previousMoment(moments, time))).toEqual([
    35,
    20,
    20,
    undefined,
    undefined,
  ]);
  expect([0, 10, 20, 99].map((time) => countUntil(moments, time))).toEqual([0, 1, 2, 3]);
});
