import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";
import { useNow } from "../../ui/use-now.ts";
import { ExchangeRow } from "./exchange-row.tsx";
import { isSelected, type LogRow, type LogRows, numberOf, type Selection } from "./exchange-rows.ts";

/** Pixels of one row. */
const rowHeight = 24;
/** More than the rows that are drawn: a row that comes takes the place, in the page, of one that has gone. */
const rowSlots = 128;

interface ExchangeListProps {
  readonly rows: LogRows;
  /** When the session began. */
  readonly origin: number;
  readonly isLive: boolean;
  readonly selection: Selection | undefined;
  readonly onSelect: (selection: Selection) => void;
  /** Chooses none. */
  readonly onClose: () => void;
  /** Whether the end is kept in sight; scrolling up ends that, and scrolling to the end begins it. */
  readonly follows: boolean;
  readonly onFollow: (follows: boolean) => void;
}

/** The rows of the action log, of which only those in sight are drawn. */
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
  const box = useRef<HTMLDivElement>(null);
  const now = useNow(isLive);
  const virtual = useVirtualizer({
    count: rows.count,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    overscan: 2,
  });
  useEffect(() => {
    if (follows && rows.count > 0) virtual.scrollToIndex(rows.count - 1, { align: "end" });
  }, [follows, rows.count, virtual]);
  // A row that was chosen elsewhere, such as in an action's details, comes into sight.
  const chosen = selection && rows.indexOf(selection);
  const shown = useRef<Selection>(undefined);
  useEffect(() => {
    if (chosen === undefined || chosen < 0 || shown.current === selection) return;
    shown.current = selection;
    virtual.scrollToIndex(chosen, { align: "auto" });
  }, [chosen, selection, virtual]);

  const onScroll = () => {
    const { scrollTop, clientHeight, scrollHeight } = box.current ?? document.body;
    const isAtEnd = scrollHeight - scrollTop - clientHeight < rowHeight * 2;
    if (isAtEnd !== follows) onFollow(isAtEnd);
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: 20, PageUp: -20 };
    if (event.key === "Escape") onClose();
    const step = steps[event.key];
    if (step === undefined || rows.count === 0) return;
    event.preventDefault();
    const from = chosen === undefined || chosen < 0 ? rows.count - 1 : chosen + step;
    const next = rows.at(Math.min(rows.count - 1, Math.max(0, from)));
    if (next) onSelect({ kind: next.kind, number: numberOf(next) });
  };
  const chosenRow = chosen !== undefined && chosen >= 0 ? rows.at(chosen) : undefined;

  return (
    <div
      className="exchange-list"
      ref={box}
      onScroll={onScroll}
      onKeyDown={onKeyDown}
      tabIndex={0}
      role="listbox"
      aria-label="Exchanges"
      aria-activedescendant={chosenRow && `${chosenRow.kind}-${numberOf(chosenRow)}`}
    >
      <div style={{ height: virtual.getTotalSize() }} role="presentation">
        {virtual.getVirtualItems().map(({ index, start }) => {
          const row = rows.at(index);
          if (!row) return null;
          const id = `${row.kind}-${numberOf(row)}`;
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the list takes the keys for its rows.
            <div
              key={index % rowSlots}
              id={id}
              className="exchange"
              data-kind={row.kind}
              role="option"
              tabIndex={-1}
              aria-selected={isSelected(row, selection)}
              aria-posinset={index + 1}
              aria-setsize={rows.count}
              style={{ translate: `0 ${start}px` }}
              onClick={() => onSelect({ kind: row.kind, number: numberOf(row) })}
            >
              <ExchangeRow row={row} origin={origin} now={isOpen(row) ? now : 0} />
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** Only what is still open is drawn anew as time goes on. */
function isOpen(row: LogRow): boolean {
  return row.kind === "exchange" && row.exchange.ended === undefined;
}
