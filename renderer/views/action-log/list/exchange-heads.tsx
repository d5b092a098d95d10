import type { Span, Tick } from "../../../state/exchanges/time-span.ts";
import { classNames } from "../../../ui/class-names.ts";
import { AxisLabels } from "../waterfall/axis-labels.tsx";
import { type ExchangeSort, nextExchangeSort, type SortColumn } from "./sort-exchanges.ts";

interface ExchangeHeadsProps {
  readonly axis: Span;
  readonly ticks: readonly Tick[];
  /** Absent in the order of time. */
  readonly sort: ExchangeSort | undefined;
  /** Absent when the rows are grouped, which can't be sorted. */
  readonly onSort: ((sort: ExchangeSort | undefined) => void) | undefined;
}

/** The columns that exchanges can be sorted by, in their order. */
const columns: readonly (readonly [SortColumn, className: string, name: string, help: string])[] = [
  ["request", "exchange-target", "Request", "Endpoint of the request"],
  ["status", "exchange-status", "Status", "Status of the response"],
  ["size", "exchange-size", "Size", "Size of both bodies"],
  ["sent", "exchange-bytes", "Sent", "Size of the request's body"],
  ["received", "exchange-bytes", "Received", "Size of the response's body"],
  ["took", "exchange-latency", "Took", "From the request to the end of the response"],
  ["waiting", "exchange-part", "Waiting", "The time that a poll waited for an action"],
  ["working", "exchange-part", "Working", "The rest of the time"],
];

/** The names of the columns: a click on one sorts by it. */
export function ExchangeHeads({ axis, ticks, sort, onSort }: ExchangeHeadsProps) {
  return (
    <div className="exchange-heads">
      <button
        type="button"
        className="exchange-time exchange-head"
        title="Time since the session began. Click for the order of time."
        disabled={!onSort}
        onClick={() => onSort?.(undefined)}
      >
        Start
      </button>
      {columns.map(([column, className, name, help]) => {
        const isSorted = sort?.column === column;
        return (
          <button
            key={column}
            type="button"
            className={classNames("exchange-head", className)}
            data-column={column}
            aria-pressed={isSorted}
            title={`${help}. Click to sort.`}
            disabled={!onSort}
            onClick={() => onSort?.(nextExchangeSort(sort, column))}
          >
            {name}
            {isSorted && <span aria-hidden>{sort.isDescending ? " ↓" : " ↑"}</span>}
          </button>
        );
      })}
      <span className="exchange-axis" role="img" aria-label="Times of the bars">
        <AxisLabels axis={axis} ticks={ticks} />
      </span>
    </div>
  );
}
