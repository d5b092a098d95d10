import { expect, test } from "vitest";
import { createRowHeights } from "./row-heights.ts";

test("rows of the usual height are where their numbers say", () => {
  const heights = createRowHeights(20);
  expect([heights.startOf(0), heights.startOf(1_000)]).toEqual([0, 20_000]);
  expect([0, 19, 20, 20_019].map(heights.rowAt)).toEqual([0, 0, 1, 1_000]);
});

test("a row that is higher moves those behind it, and no others", () => {
  const heights = createRowHeights(20);
  expect(heights.set(500, 60)).toBe(40);
  expect(heights.set(500, 60)).toBe(0);
  heights.set(3, 30);
  expect([3, 4, 500, 501].map(heights.startOf)).toEqual([60, 90, 10_010, 10_070]);
  expect([89, 90, 10_010, 10_069, 10_070].map(heights.rowAt)).toEqual([3, 4, 500, 500, 501]);
  expect(heights.set(500, 20)).toBe(-40);
  expect(heights.startOf(501)).toBe(10_030);
});

test("a row's place stays when those before it are dropped, and when all others are measured anew", () => {
  const heights = createRowHeights(20);
  for (let number = 0; number < 2_000; number++) heights.set(number, 20 + (number % 3) * 20);
  const place = heights.startOf(1_500);
  heights.dropBefore(1_000);
  expect(heights.startOf(1_500)).toBe(place);
  expect(heights.rowAt(place)).toBe(1_500);
  heights.reset(1_500);
  expect(heights.startOf(1_500)).toBe(place);
  expect(heights.startOf(1_510)).toBe(place + 200);
  expect(heights.rowAt(place + 200)).toBe(1_510);
});
