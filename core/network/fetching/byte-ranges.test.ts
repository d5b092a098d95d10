import { expect, test } from "vitest";
import { ByteRanges } from "./byte-ranges.ts";

test("parts that touch or overlap are one, and the gaps between them are missing", () => {
  const ranges = new ByteRanges();
  expect(ranges.missing(100, 1000)).toEqual([{ from: 0, to: 100 }]);
  ranges.add(50, 60);
  ranges.add(0, 10);
  ranges.add(60, 70);
  ranges.add(65, 75);
  ranges.add(80, 80);
  expect(ranges.bytes).toBe(35);
  expect(ranges.prefix).toBe(10);
  expect(ranges.missing(100, 1000)).toEqual([
    { from: 10, to: 50 },
    { from: 75, to: 100 },
  ]);
  ranges.add(5, 60);
  expect(ranges.missing(75, 1000)).toEqual([]);
});

test("gaps are cut into pieces", () => {
  const ranges = new ByteRanges();
  ranges.add(10, 20);
  expect(ranges.missing(45, 15)).toEqual([
    { from: 0, to: 10 },
    { from: 20, to: 35 },
    { from: 35, to: 45 },
  ]);
  ranges.clear();
  expect(ranges.missing(20, 15)).toEqual([
    { from: 0, to: 15 },
    { from: 15, to: 20 },
  ]);
});
