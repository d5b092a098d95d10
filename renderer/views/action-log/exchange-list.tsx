import { useEffect, useId, useRef } from "react";
import { useRowWindow } from "../../ui/rows/use-row-window.ts";
import { useNow } from "../../ui/use-now.ts";
import { ExchangeRow } from "./exchange-row.tsx";
import { isSelected, type LogRow, type LogRows, numberOf, type Selection } from "./exchange-rows.ts";

/** Pixels of one row. */
const rowHeight = 24;

interface ExchangeListProps {
  readonly rows: LogRows;
  /** When the session began. */
  readonly origin: number;
  readonly isLive: boolean;
  readonly selection: Selection | undefined;
  readonly onSelect: (selection: Selection) => void;
  /** Chooses none. */
  readonly onClose: () => void;
  /** Whether the end is kept visible; scrolling up ends that, and scrolling to the end begins it. */
  readonly follows: boolean;
  readonly onFollow: (follows: boolean) => void;
}

/** The rows of the action log, of which only the visible ones are drawn. */
export function ExchangeList({
  rows,
  origin,
  isLive,
  selection,
  onSelect,
  onClose,
  follows,
  onFollow,
}: ExchangeListProps) {
  const ids = useId();
  const { count, dropped } = rows;
  const list = useRowWindow({ count, dropped, follows, onFollow, rowHeight, overscan: 2 });
  // A row that was chosen elsewhere, such as in an action's details, comes into sight.
  const chosen = selection ? rows.indexOf(selection) : -1;
  const shown = useRef<Selection>(undefined);
  useEffect(() => {
    if (chosen < 0 || shown.current === selection) return;
    shown.current = selection;
    list.show(dropped + chosen, "nearest");
  });
  const select = (row: LogRow | undefined) => {
    if (row) onSelect({ kind: row.kind, number: numberOf(row) });
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: 20,
      PageUp: -20,
      Home: -count,
      End: count,
    };
    if (event.key === "Escape") onClose();
    const step = steps[event.key];
    if (step === undefined || count === 0) return;
    event.preventDefault();
    const from = chosen < 0 ? count - 1 : chosen + step;
    select(rows.at(Math.min(count - 1, Math.max(0, from))));
  };
  const onClick = ({ target }: React.MouseEvent) => {
    const row = target instanceof Element ? target.closest("[aria-posinset]") : null;
    if (row) select(rows.at(Number(row.ariaPosInSet) - 1));
  };
  const drawn = list.numbers.map((number) => ({ number, row: rows.at(number - dropped) }));
  const now = useNow(isLive && drawn.some(({ row }) => row !== undefined && isOpen(row)));

  return (
    <>
      <ExchangeHeads />
      <div
        className="exchange-list"
        ref={list.box}
        onScroll={list.onScroll}
        onKeyDown={onKeyDown}
        onClick={onClick}
        tabIndex={0}
        role="listbox"
        aria-label="Exchanges"
        aria-activedescendant={chosen < 0 ? undefined : `${ids}chosen`}
      >
        <div style={{ height: list.height }} role="presentation">
          {drawn.map(
            ({ number, row }) =>
              row && (
                <ExchangeRow
                  key={number % list.slots}
                  {...row}
                  id={isSelected(row, selection) ? `${ids}chosen` : undefined}
                  position={number - dropped + 1}
                  // While the list grows, screen readers don't get the size at each row.
                  count={isLive ? -1 : count}
                  top={list.startOf(number)}
                  origin={origin}
                  now={isOpen(row) ? now : 0}
                />
              ),
          )}
        </div>
      </div>
    </>
  );
}

/** The names of the columns; the rows themselves are read aloud with their units. */
function ExchangeHeads() {
  return (
    <div className="exchange-heads" aria-hidden>
      <span className="exchange-time" title="Seconds since the session began">
        Time (s)
      </span>
      <span className="exchange-head-request">Request</span>
      <span className="exchange-status" title="Status of the reply">
        Reply
      </span>
      <span className="exchange-latency" title="From the request to the end of the reply">
        Took
      </span>
    </div>
  );
}

/** Only open rows are drawn again as time passes. */
function isOpen(row: LogRow): boolean {
  return row.kind === "exchange" && row.exchange.ended === undefined;
}
