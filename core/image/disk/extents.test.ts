import { expect, test } from "vitest";
import { ExtentList, joinExtents } from "./extents.ts";

function extentsOf(...pairs: readonly [start: number, length: number][]): ExtentList {
  const list = new ExtentList();
  for (const [start, length] of pairs) list.add(start, length);
  return list;
}

test("extents that touch become one", () => {
  const list = extentsOf([0, 10], [10, 5], [20, 1]);
  expect([...list]).toEqual([
    { start: 0, length: 15 },
    { start: 20, length: 1 },
  ]);
  expect(list).toMatchObject({ count: 2, dataSize: 16, end: 21 });
});

test("an extent before the end of the last one is refused", () => {
  expect(() => extentsOf([0, 10], [9, 1])).toThrow(RangeError);
});

test("many extents are kept", () => {
  const list = extentsOf(...Array.from({ length: 1000 }, (_, index) => [2 * index, 1] as [number, number]));
  expect([...list].map(({ start }) => start)).toEqual(Array.from({ length: 1000 }, (_, index) => 2 * index));
});

test("the next place in an extent is found from any position", () => {
  const list = extentsOf([10, 10], [30, 5], [100, 1]);
  const positions = [0, 10, 15, 20, 29, 34, 35, 100, 101];
  expect(positions.map((position) => list.nextFrom(position))).toEqual([
    ...[10, 10, 15, 30, 30, 34, 100, 100],
    undefined,
  ]);
  expect(extentsOf().nextFrom(0)).toBeUndefined();
});

test("a position is found among the data of all extents", () => {
  const list = extentsOf([10, 10], [20, 5], [100, 1]);
  expect([0, 12, 22, 25, 100, 101].map((position) => list.locate(position))).toEqual([
    { length: 10, place: undefined },
    { length: 13, place: 2 },
    { length: 3, place: 12 },
    { length: 75, place: undefined },
    { length: 1, place: 15 },
    { length: Number.POSITIVE_INFINITY, place: undefined },
  ]);
});

test("extents that are less than a gap apart can be joined", () => {
  const joined = joinExtents(extentsOf([0, 1], [10, 1], [21, 1]), 10);
  expect([...joined]).toEqual([
    { start: 0, length: 11 },
    { start: 21, length: 1 },
  ]);
});
