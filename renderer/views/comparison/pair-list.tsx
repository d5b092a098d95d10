import { type RefObject, useEffect, useId, useRef } from "react";
import type { ComparisonRow } from "../../state/comparison/comparison-rows.ts";
import { mayTakeFocus } from "../../state/focus/may-take-focus.ts";
import { whenNoDialog } from "../../state/messages/dialogs.ts";
import { themePixels } from "../../ui/rows/theme-pixels.ts";
import { useRowWindow } from "../../ui/rows/use-row-window.ts";
import { FoldRow, PairRow } from "./pair-row.tsx";

/** Pixels of one row. */
const rowHeight = themePixels("--height-small");

interface PairListProps {
  readonly rows: readonly ComparisonRow[];
  /** The index of the chosen pair. */
  readonly chosen: number | undefined;
  readonly onChoose: (index: number) => void;
  /** Opens a fold. @param from as in `ComparisonRow` */
  readonly onUnfold: (from: number) => void;
}

/** The pairs of exchanges, of which only the visible ones are drawn. */
export function PairList({ rows, chosen, onChoose, onUnfold }: PairListProps) {
  const ids = useId();
  const list = useRowWindow({ count: rows.length, dropped: 0, follows: false, rowHeight, overscan: 2 });
  useEffect(() => takeFocus(list.box), [list.box]);
  const at = rows.findIndex((row) => row.kind === "pair" && row.index === chosen);
  const shown = useRef<number>(undefined);
  useEffect(() => {
    if (at < 0 || shown.current === chosen) return;
    const isFirst = shown.current === undefined;
    shown.current = chosen;
    list.show({ row: at, align: isFirst ? "center" : "nearest" });
  });
  const choose = (row: ComparisonRow | undefined) => {
    if (row?.kind === "fold") onUnfold(row.from);
    else if (row) onChoose(row.index);
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    const last = rows.length - 1;
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: 20,
      PageUp: -20,
      Home: -rows.length,
      End: rows.length,
    };
    const step = steps[event.key];
    if (step === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const row = rows[at < 0 ? 0 : Math.min(last, Math.max(0, at + step))];
    choose(row);
    // The keyboard continues in the fold that it has opened.
    if (row?.kind === "fold") onChoose(step > 0 ? row.from : row.from + row.count - 1);
  };
  const onClick = ({ target }: React.MouseEvent) => {
    const row = target instanceof Element ? target.closest("[aria-posinset]") : null;
    if (row) choose(rows[Number(row.ariaPosInSet) - 1]);
  };
  return (
    <div
      className="pair-list"
      ref={list.box}
      onScroll={list.onScroll}
      onKeyDown={onKeyDown}
      onClick={onClick}
      tabIndex={0}
      role="listbox"
      aria-label="Exchanges of both sessions"
      aria-activedescendant={at < 0 ? undefined : `${ids}chosen`}
    >
      <div style={{ height: list.height }} role="presentation">
        {list.numbers.map((number) => {
          const row = rows[number];
          const place = { position: number + 1, count: rows.length, top: list.startOf(number) };
          if (row?.kind === "fold") return <FoldRow key={number % list.slots} {...place} pairs={row.count} />;
          return (
            row && (
              <PairRow
                key={number % list.slots}
                {...place}
                pair={row.pair}
                id={number === at ? `${ids}chosen` : undefined}
              />
            )
          );
        })}
      </div>
    </div>
  );
}

/** Lets a person go through a comparison by keyboard that has just been opened. */
function takeFocus(box: RefObject<HTMLElement | null>): void {
  const take = () => {
    if (mayTakeFocus()) box.current?.focus({ preventScroll: true });
  };
  // The dialog in which the session was chosen gives the focus back first.
  void whenNoDialog().then(() => requestAnimationFrame(() => setTimeout(take)));
}
