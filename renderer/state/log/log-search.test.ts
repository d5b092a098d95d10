import { expect, test } from "vitest";
import { findInLog } from "./log-search.ts";

const rows = ["one Fish", "two fish, red fish", ""].map((text) => ({ text, parts: [], isContinued: false }));

test("all places are found, in their order, whatever the case of the letters", () => {
  expect(findInLog({ rows, dropped: () => 0 }, "FISH")).toEqual([
    { row: 0, column: 4 },
    { row: 1, column: 4 },
    { row: 1, column: 14 },
  ]);
  expect(findInLog({ rows, dropped: () => 0 }, "blue")).toEqual([]);
});

test("no text is nowhere, not everywhere", () => {
  expect(findInLog({ rows, dropped: () => 0 }, "")).toEqual([]);
});

test("a place stays when the log loses its beginning", () => {
  expect(findInLog({ rows, dropped: () => 20_000 }, "one")).toEqual([{ row: 20_000, column: 0 }]);
});
