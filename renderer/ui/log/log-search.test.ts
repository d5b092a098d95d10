import { expect, test } from "vitest";
import { findInRow, nextMatch } from "./log-search.ts";

test("all places of a row are found, in their order, whatever the case of the letters", () => {
  expect(findInRow(7, "two fish, red Fish", "FISH")).toEqual([
    { row: 7, column: 4 },
    { row: 7, column: 14 },
  ]);
  expect(findInRow(7, "two fish", "blue")).toEqual([]);
});

test("places are right behind a letter that is longer in lower case", () => {
  expect(findInRow(0, "İİ fish", "fish")).toEqual([{ row: 0, column: 3 }]);
  expect(findInRow(0, "İstanbul", "istanbul")).toHaveLength(1);
  expect(findInRow(0, "İstanbul", "İSTANBUL")).toHaveLength(1);
});

test("a text that grows is found where it was, and else at the next place", () => {
  const matches = [1, 3, 5].map((row) => ({ row, column: 2 }));
  expect(nextMatch(matches, { row: 3, column: 2 }, "here")).toBe(1);
  expect(nextMatch(matches, { row: 3, column: 3 }, "here")).toBe(2);
  expect(nextMatch(matches, { row: 5, column: 3 }, "here")).toBe(0);
});

test("no text is nowhere, not everywhere", () => {
  expect(findInRow(0, "fish", "")).toEqual([]);
});

test("the place after the last one is the first one, also when the shown one is gone", () => {
  const matches = [1, 3, 5].map((row) => ({ row, column: 2 }));
  expect(nextMatch(matches, { row: 5, column: 2 }, "next")).toBe(0);
  expect(nextMatch(matches, { row: 1, column: 2 }, "previous")).toBe(2);
  expect(nextMatch(matches, { row: 4, column: 0 }, "next")).toBe(2);
  expect(nextMatch(matches, { row: 4, column: 0 }, "previous")).toBe(1);
});
