import { UnfoldVertical } from "lucide-react";
import { memo } from "react";
import type {
  ComparedExchange,
  Difference,
  ExchangePair,
} from "../../../shared/session/session-comparison.ts";
import { escapeName } from "../../../shared/text/escape-name.ts";
import { formatCount, formatLatency } from "../../../shared/text/format.ts";
import { exchangeStates, shownStatus, stateOf } from "../../state/exchanges/exchange-facts.ts";
import { StateMark } from "../../ui/state-mark.tsx";
import { exchangeMarks } from "../action-log/list/exchange-row.tsx";
import { differenceNames } from "./difference-names.ts";

interface RowPlace {
  /** Among all rows, from 1. */
  readonly position: number;
  readonly count: number;
  /** Pixels from the top of the list. */
  readonly top: number;
}

interface PairRowProps extends RowPlace {
  readonly pair: ExchangePair;
  /** Only the row that is chosen has one. */
  readonly id: string | undefined;
}

/** Two exchanges beside each other. */
export const PairRow = memo(function PairRow({ pair, id, position, count, top }: PairRowProps) {
  const { first, second, differences } = pair;
  return (
    <div
      id={id}
      className="pair"
      data-differs={differences.length > 0 || undefined}
      role="option"
      tabIndex={-1}
      aria-selected={id !== undefined}
      aria-posinset={position}
      aria-setsize={count}
      style={{ translate: `0 ${top}px` }}
    >
      <Cells exchange={first} differences={differences} />
      <Cells exchange={second} differences={differences} names />
    </div>
  );
});

interface CellsProps {
  readonly exchange: ComparedExchange | undefined;
  readonly differences: readonly Difference[];
  /** Whether the differences are named here. */
  readonly names?: boolean;
}

function Cells({ exchange, differences, names = false }: CellsProps) {
  if (!exchange) return <span className="pair-side pair-missing">Not in this session</span>;
  const { number, endpoint, action, target, started, ended, rules = [] } = exchange;
  const state = stateOf(exchange);
  return (
    <span className="pair-side">
      <span className="pair-number">{number}</span>
      <StateMark state={exchangeMarks[state]} label={exchangeStates[state]} />
      <span className="pair-target" title={`${exchange.method} ${escapeName(target)}`}>
        {endpoint === "other" ? escapeName(target) : endpoint}
        {action !== undefined && action !== "none" && <span className="pair-action">{action}</span>}
      </span>
      <span className="pair-differences">
        {rules.length > 0 && (
          <span className="pair-rule" title={`Rules: ${rules.map(escapeName).join(", ")}`}>
            rule
          </span>
        )}
        {names &&
          differences.map(
            (difference) =>
              difference in differenceNames && (
                <span key={difference}>{differenceNames[difference as keyof typeof differenceNames]}</span>
              ),
          )}
      </span>
      <span className="pair-status" data-differs={differences.includes("status") || undefined}>
        {shownStatus(exchange)}
      </span>
      <span className="pair-time">{ended !== undefined && formatLatency(ended - started)}</span>
    </span>
  );
}

/** The place of equal exchanges that are not shown: a click opens it. */
export const FoldRow = memo(function FoldRow({
  pairs,
  position,
  count,
  top,
}: RowPlace & { readonly pairs: number }) {
  return (
    <div
      className="pair pair-fold"
      role="option"
      tabIndex={-1}
      aria-selected={false}
      aria-posinset={position}
      aria-setsize={count}
      title="Show them"
      style={{ translate: `0 ${top}px` }}
    >
      <UnfoldVertical size={14} aria-hidden />
      {formatCount(pairs, "equal exchange")}
    </div>
  );
});
