import { type RefObject, useCallback, useLayoutEffect, useReducer, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { createRowWindow, type RowWindowOptions, type RowWindowState } from "./row-window.ts";

interface UseRowWindowOptions extends RowWindowOptions, RowWindowState {
  /** Whether the visible rows stay for now, though the end is followed. */
  readonly isHeld?: boolean;
  /** Scrolling up ends following, and scrolling to the end begins it. */
  readonly onFollow?: (follows: boolean) => void;
  /** The box, where others know it, too. */
  readonly box?: RefObject<HTMLDivElement | null>;
}

/** A long list in a box that scrolls, of which only the visible rows are drawn; see `createRowWindow`. */
export function useRowWindow({
  onFollow,
  count,
  dropped,
  keys,
  follows,
  isHeld = false,
  box: givenBox,
  ...options
}: UseRowWindowOptions) {
  const ownBox = useRef<HTMLDivElement>(null);
  const box = givenBox ?? ownBox;
  const [rowWindow] = useState(() => createRowWindow(options));
  const [, redraw] = useReducer((drawings: number) => drawings + 1, 0);
  const { first, end } = rowWindow.update({ count, dropped, keys, follows: follows && !isHeld });
  useLayoutEffect(() => (box.current ? rowWindow.attach(box.current, redraw) : undefined), [rowWindow]);
  useLayoutEffect(() => {
    if (rowWindow.settle()) redraw();
  });
  const show = useCallback(
    (...where: Parameters<typeof rowWindow.show>) => {
      rowWindow.show(...where);
      redraw();
    },
    [rowWindow],
  );
  return {
    box,
    /** The numbers of the rows that are drawn, counted from the first row ever, which may be dropped. */
    numbers: Array.from({ length: end - first }, (_, index) => first + index),
    /** As many rows are drawn at most, when they are not measured. */
    slots: rowWindow.slots(),
    /** Pixels. */
    height: rowWindow.height(),
    startOf: rowWindow.startOf,
    firstInSight: rowWindow.firstInSight,
    isWhole: rowWindow.isWhole,
    /** Draws rows that became visible before the browser shows them. */
    onScroll: () => {
      const { isAtEnd, isElsewhere } = rowWindow.scroll();
      if (isAtEnd !== undefined && isAtEnd !== follows) onFollow?.(isAtEnd);
      if (isElsewhere) flushSync(redraw);
    },
    /** Brings a row, or a part of it, into sight. */
    show,
    /** All rows may have another height than before. */
    remeasure: () => {
      rowWindow.remeasure();
      redraw();
    },
  };
}
