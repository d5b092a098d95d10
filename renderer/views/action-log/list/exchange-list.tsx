import { useEffect, useId, useMemo, useRef } from "react";
import { escapeName } from "../../../../shared/text/escape-name.ts";
import { describeRequest } from "../../../state/exchanges/exchange-facts.ts";
import type { SessionMark } from "../../../state/exchanges/session-marks.ts";
import { axisFor, type Span, ticksOn } from "../../../state/exchanges/time-span.ts";
import { findNumbered, type GuestAction } from "../../../state/guest/exchanges.ts";
import type { LongList } from "../../../state/log/long-list.ts";
import { themePixels } from "../../../ui/rows/theme-pixels.ts";
import { useRowWindow } from "../../../ui/rows/use-row-window.ts";
import "./exchange-columns.css";
import "../exchange-list.css";
import { useStore } from "zustand";
import { windowState } from "../../../state/connection/window-state.ts";
import { AxisLines } from "../waterfall/axis-lines.tsx";
import { ColumnGrips } from "./column-grips.tsx";
import { ExchangeHeads } from "./exchange-heads.tsx";
import { ExchangeRow } from "./exchange-row.tsx";
import {
  isOpen,
  isSelected,
  type LogRow,
  type LogRows,
  numberOf,
  type Selection,
  spanOfRows,
} from "./exchange-rows.ts";
import type { ExchangeSort } from "./sort-exchanges.ts";

/** Pixels of one row. */
const rowHeight = themePixels("--height-small");

/** So many names fit above the bars of a narrow panel. */
const mostTicks = 4;

interface ExchangeListProps {
  readonly rows: LogRows;
  /** Absent in the order of time. */
  readonly sort: ExchangeSort | undefined;
  /** Absent when the rows can't be sorted. */
  readonly onSort: ((sort: ExchangeSort | undefined) => void) | undefined;
  /** When the session began. */
  readonly origin: number;
  /** The time that the bars are drawn on, or on the part of it that the visible rows need. */
  readonly axis: Span;
  readonly marks: readonly SessionMark[];
  readonly actions: LongList<GuestAction>;
  readonly isLive: boolean;
  /** The time until which open exchanges are drawn. */
  readonly now: number;
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
  sort,
  onSort,
  origin,
  axis,
  marks,
  actions,
  isLive,
  now,
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
    list.show({ row: dropped + chosen, align: "nearest" });
  });
  const row = useRef(-1);
  row.current = chosen < 0 ? -1 : dropped + chosen;
  const hasChosen = chosen >= 0;
  const { box, show } = list;
  useEffect(() => {
    if (!hasChosen || !box.current) return;
    // The details take room from the list.
    const observer = new ResizeObserver(() => {
      if (row.current >= 0) show({ row: row.current, align: "nearest" });
    });
    observer.observe(box.current);
    return () => observer.disconnect();
  }, [hasChosen, box, show]);
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
  const { from, to } = axisFor(
    axis,
    spanOfRows(
      drawn.flatMap(({ row }) => row ?? []),
      now,
    ) ?? axis,
  );
  const shownAxis = useMemo(() => ({ from, to }), [from, to]);
  const ticks = useMemo(() => ticksOn(shownAxis, origin, mostTicks), [shownAxis, origin]);

  const widths = useStore(windowState, ({ columns }) => columns) ?? usualWidths;
  const columns = useMemo(() => stylesOf(widths), [widths]);

  return (
    <>
      <div className="exchange-top" style={columns}>
        <ExchangeHeads axis={shownAxis} ticks={ticks} sort={sort} onSort={onSort} />
        <ColumnGrips />
      </div>
      <div className="exchange-rows" style={columns}>
        <AxisLines axis={shownAxis} ticks={ticks} marks={marks} />
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
                    axis={shownAxis}
                    carried={carriedBy(row, actions)}
                    now={isOpen(row) ? now : 0}
                  />
                ),
            )}
          </div>
        </div>
      </div>
    </>
  );
}

const usualWidths: Readonly<Record<string, number>> = {};

/** The widths of columns for the style sheet. */
function stylesOf(widths: Readonly<Record<string, number>>): React.CSSProperties {
  return Object.fromEntries(
    Object.entries(widths).map(([column, width]) => [`--width-${column}`, `${width}px`]),
  );
}

/** The action of a row's exchange, by number and description. */
function carriedBy(row: LogRow, actions: LongList<GuestAction>): string | undefined {
  if (row.kind === "action" || row.exchange.action === undefined) return undefined;
  const { action: number } = row.exchange;
  const action = findNumbered(actions, number);
  return action ? `${number}: ${escapeName(describeRequest(action.request))}` : `${number}`;
}
