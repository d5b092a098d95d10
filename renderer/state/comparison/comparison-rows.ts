import type { ExchangePair } from "../../../shared/session/session-comparison.ts";

/** A row of a comparison: a pair of exchanges, or the place of equal ones that are folded. */
export type ComparisonRow =
  | { readonly kind: "pair"; readonly pair: ExchangePair; readonly index: number }
  /** `from`: the index of the first one of `count` pairs. */
  | { readonly kind: "fold"; readonly from: number; readonly count: number };

/** So many equal pairs stay beside one that differs. */
const context = 2;
/** Fewer are not worth folding. */
const leastFold = 3;

export function isDifferent({ differences }: ExchangePair): boolean {
  return differences.length > 0;
}

/** The indices of the pairs that differ. */
export function differentPairs(pairs: readonly ExchangePair[]): readonly number[] {
  return pairs.flatMap((pair, index) => (isDifferent(pair) ? [index] : []));
}

/**
 * The rows of a comparison: long runs of equal pairs are folded, except for those next to a difference.
 *
 * @param unfolded the indices with which folds begin that a person has opened; "all" to fold none
 */
export function comparisonRows(
  pairs: readonly ExchangePair[],
  unfolded: ReadonlySet<number> | "all",
): readonly ComparisonRow[] {
  const rows: ComparisonRow[] = [];
  const add = (from: number, until: number) => {
    for (const [place, pair] of pairs.slice(from, until).entries())
      rows.push({ kind: "pair", pair, index: from + place });
  };
  const addEqual = (from: number, until: number) => {
    const first = from === 0 ? from : from + context;
    const behind = until === pairs.length ? until : until - context;
    const count = behind - first;
    if (unfolded === "all" || count < leastFold || unfolded.has(first)) {
      add(from, until);
      return;
    }
    add(from, first);
    rows.push({ kind: "fold", from: first, count });
    add(behind, until);
  };
  let end = 0;
  for (const index of differentPairs(pairs)) {
    addEqual(end, index);
    add(index, index + 1);
    end = index + 1;
  }
  addEqual(end, pairs.length);
  return rows;
}
