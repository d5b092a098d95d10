import { useCallback, useMemo, useState } from "react";
import type { ExchangePair } from "../../../shared/session/session-comparison.ts";

interface ChosenPair {
  /** Its index. */
  readonly chosen: number | undefined;
  /** @param choose from the index that is chosen, which may be newer than the last one that was drawn */
  readonly choose: (choose: (last: number | undefined) => number | undefined) => void;
}

interface Choice {
  readonly pairs: readonly ExchangePair[];
  readonly index: number | undefined;
}

/**
 * The pair that a person has chosen, at first the first difference. When the sessions are compared again, the same
 * exchanges stay chosen, at their new place.
 */
export function useChosenPair(
  pairs: readonly ExchangePair[],
  firstDifference: number | undefined,
): ChosenPair {
  const [choice, setChoice] = useState<Choice>({ pairs, index: firstDifference });
  const place = useMemo(
    () => (choice.pairs === pairs ? choice.index : placeAgain(choice, pairs)),
    [choice, pairs],
  );
  const chosen = place ?? firstDifference;
  const choose = useCallback<ChosenPair["choose"]>(
    (next) =>
      setChoice((last) => {
        const before = last.pairs === pairs ? last.index : placeAgain(last, pairs);
        return { pairs, index: next(before ?? firstDifference) };
      }),
    [pairs, firstDifference],
  );
  return { chosen, choose };
}

/** The index of a chosen pair in a new comparison of the same sessions. */
function placeAgain({ pairs: before, index }: Choice, pairs: readonly ExchangePair[]): number | undefined {
  const pair = index === undefined ? undefined : before[index];
  if (!pair) return undefined;
  const found = pairs.findIndex(({ first, second }) =>
    pair.first ? first?.number === pair.first.number : second?.number === pair.second?.number,
  );
  return found < 0 ? undefined : found;
}
