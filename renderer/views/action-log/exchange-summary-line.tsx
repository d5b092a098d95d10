import { useMemo } from "react";
import { formatBytes, formatCount, formatDuration } from "../../../shared/text/format.ts";
import { summaryOf } from "../../state/exchanges/exchange-summary.ts";
import type { Exchange } from "../../state/guest/exchanges.ts";
import type { LongList } from "../../state/log/long-list.ts";

interface SummaryLineProps {
  readonly shown: LongList<Exchange>;
  readonly all: LongList<Exchange>;
  /** Whether a changed filter has not been applied yet. */
  readonly isSearching: boolean;
  /** Whether not all are shown. */
  readonly isFiltered: boolean;
  /** The time until which open exchanges are counted. */
  readonly now: number;
  /** Puts the rows back into the order of time; absent when they are in it. */
  readonly onTimeOrder: (() => void) | undefined;
}

/** The line below the action log: how many exchanges are shown, their bytes, those that did not end well, and their time. */
export function SummaryLine({ shown, all, isSearching, isFiltered, now, onTimeOrder }: SummaryLineProps) {
  const { sent, open, bad, findings, from, to } = useMemo(() => summaryOf(shown), [shown]);
  const { dropped } = all;
  const count = `${dropped > 0 ? "newest " : ""}${all.length.toLocaleString("en")}`;
  const told = Object.entries(bad).filter(([, number]) => number > 0);
  return (
    <footer className="exchange-summary">
      <span
        title={
          dropped > 0
            ? `The first ${dropped.toLocaleString("en")} exchanges are in the session's events.jsonl.`
            : undefined
        }
      >
        <span className="exchange-count" role="status">
          {isSearching
            ? "Searching…"
            : isFiltered
              ? `${shown.length.toLocaleString("en")} of ${count}`
              : count}
        </span>
        {isSearching ? "" : all.length === 1 ? " exchange" : " exchanges"}
      </span>
      {sent > 0 && <span>{formatBytes(sent)} from the guest</span>}
      {told.map(([state, number]) => (
        <span key={state} className="exchange-summary-bad">
          {number.toLocaleString("en")} {state}
        </span>
      ))}
      {findings > 0 && <span className="exchange-summary-bad">{formatCount(findings, "finding")}</span>}
      {from !== undefined && to !== undefined && shown.length > 0 && (
        <span>{formatDuration((open > 0 ? Math.max(to, now) : to) - from)}</span>
      )}
      {onTimeOrder && (
        <button type="button" className="link" onClick={onTimeOrder}>
          Sort by time
        </button>
      )}
    </footer>
  );
}
