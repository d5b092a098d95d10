import { useEffect, useMemo, useReducer, useRef } from "react";
import { createExchangeFilter } from "../../state/exchanges/exchange-filter.ts";
import type { Condition } from "../../state/exchanges/query/query-words.ts";
import type { Exchange, Exchanges } from "../../state/guest/exchanges.ts";
import type { LongList } from "../../state/log/long-list.ts";

/** Milliseconds that a search takes at once: between two such turns the window reacts to a person. */
const turn = 24;

interface ShownExchanges {
  readonly shown: LongList<Exchange>;
  /** The part of the log that was searched, from 0 to 1; until it is 1, those of the search before are shown. */
  readonly searched: number;
}

/** The exchanges of a log that fit a condition. @param fits absent when all do @param now until which open exchanges last */
export function useShownExchanges(log: Exchanges, fits: Condition | undefined, now: number): ShownExchanges {
  const pick = useMemo(() => createExchangeFilter(fits), [fits]);
  const [, takeTurn] = useReducer((turns: number) => turns + 1, 0);
  const end = performance.now() + turn;
  const { picked, searched } = pick(log, now, () => performance.now() > end);
  const shown = useRef(picked);
  if (searched === 1) shown.current = picked;
  useEffect(() => {
    if (searched === 1) return;
    const timer = setTimeout(takeTurn);
    return () => clearTimeout(timer);
  });
  return { shown: shown.current, searched };
}
