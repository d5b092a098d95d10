import { expect, test } from "vitest";
import type { ExchangePair } from "../../../shared/session/session-comparison.ts";
import { comparisonRows, differentPairs } from "./comparison-rows.ts";

/** Pairs from a text: `=` is an equal one, `!` one that differs. */
const pairs = (text: string): readonly ExchangePair[] =>
  [...text].map((sign) => ({ differences: sign === "=" ? [] : ["status"] }));

/** Rows as a text: the index of each pair, and each fold as `from+count`. */
const shown = (text: string, unfolded: ReadonlySet<number> | "all" = new Set()) =>
  comparisonRows(pairs(text), unfolded)
    .map((row) => (row.kind === "pair" ? `${row.index}` : `${row.from}+${row.count}`))
    .join(" ");

test("equal exchanges are folded, except for two beside each difference", () => {
  expect(shown("=====!=======!=====")).toBe("0+3 3 4 5 6 7 8+3 11 12 13 14 15 16+3");
});

test("few equal exchanges are not folded", () => {
  expect(shown("====!======!====")).toBe("0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15");
});

test("sessions that are equal are one fold", () => {
  expect(shown("=====")).toBe("0+5");
  expect(shown("")).toBe("");
});

test("a fold that was opened shows its exchanges; without folds, all are shown", () => {
  expect(shown("=====!=====", new Set([0]))).toBe("0 1 2 3 4 5 6 7 8+3");
  expect(shown("=====!=====", "all")).toBe("0 1 2 3 4 5 6 7 8 9 10");
});

test("100,000 pairs are folded at once", () => {
  const many = pairs(`${"=".repeat(50_000)}!${"=".repeat(49_999)}`);
  expect(comparisonRows(many, new Set())).toHaveLength(7);
  expect(comparisonRows(many, "all")).toHaveLength(100_000);
  expect(differentPairs(many)).toEqual([50_000]);
});
