import { useLayoutEffect, useRef, useState } from "react";
import { useStore } from "zustand";
import { remember, windowState } from "../../state/connection/window-state.ts";
import type { RowKeys } from "../rows/row-window.ts";
import { themePixels } from "../rows/theme-pixels.ts";
import { useRowWindow } from "../rows/use-row-window.ts";
import type { SearchDirection, SearchMatches } from "../terminal/search-bar.tsx";
import { type LogMatch, nextMatch } from "./log-search.ts";
import { useLogSelection } from "./use-log-selection.ts";

/** Pixels of a line that is not wrapped. */
const rowHeight = themePixels("--height-line");
/** Pixels above the first line, and below the last one. */
const padding = themePixels("--space-1");
/** Few, since a piece of a long line is many lines high. */
const overscan = 4;

interface LogOptions {
  /** How many rows there are. */
  readonly count: number;
  /** How many rows were before these, and are dropped. */
  readonly dropped?: number;
  /** The keys of rows that fold; others are known by their numbers. */
  readonly keys?: RowKeys;
  /** The text of the whole log, to be copied. */
  readonly textOf: () => string;
  /** All places with a text, in their order. */
  readonly find: (text: string) => readonly LogMatch[];
  /** Called before a found row is shown, which may be folded. */
  readonly onFound?: (row: number) => void;
  /** Called when the log does not follow its end any more. */
  readonly onLeaveEnd?: () => void;
}

/** The place in a log of a person who follows its end or reads, searches it, or selects text in it. */
export type Log = ReturnType<typeof useLog>;

/** The state of a log's view; `LogView` draws it. */
export function useLog({ count, dropped = 0, keys, textOf, find, onFound, onLeaveEnd }: LogOptions) {
  const box = useRef<HTMLDivElement>(null);
  const wraps = useStore(windowState, (state) => state.wrapsLog) ?? true;
  const [wantsEnd, setWantsEnd] = useState(true);
  const [found, setFound] = useState<{ readonly text: string; readonly match: LogMatch | undefined }>();
  const { isHeld, release, handlers } = useLogSelection(box, textOf);
  const follow = (wanted: boolean) => {
    if (wantsEnd && !wanted) onLeaveEnd?.();
    setWantsEnd(wanted);
  };
  const list = useRowWindow({
    ...{ box, count, dropped, keys, isHeld, rowHeight, padding, overscan },
    follows: wantsEnd,
    onFollow: follow,
    // A line that is wrapped has the height of several.
    isMeasured: true,
  });
  // A log that fits in its box can't be scrolled to its end.
  const isAtEnd = list.isWhole() && !found;
  useLayoutEffect(() => {
    if (isAtEnd) setWantsEnd(true);
  });
  return {
    ...{ count, list, handlers, wraps, found, follow, release },
    follows: wantsEnd && !isHeld,
    /** The key of the row with a number. */
    keyOf: (number: number) => (keys ? keys.at(number) : number),
    wrap: (wanted: boolean) => {
      remember({ wrapsLog: wanted });
      list.remeasure();
    },
    /** Shows a row at the top, by its key. */
    showRow: (row: number) => {
      follow(false);
      list.show({ row, align: "start" });
    },
    find: (text: string, direction: SearchDirection): SearchMatches => {
      const matches = find(text);
      const first = list.firstInSight();
      const inSight = { row: (keys ? keys.at(first) : first) ?? 0, column: 0 };
      const next = nextMatch(matches, found?.match ?? inSight, direction);
      const match = matches[next];
      setFound({ text, match });
      follow(false);
      if (match) {
        onFound?.(match.row);
        const part = () => box.current?.querySelector<HTMLElement>("mark[data-current]");
        list.show({ row: match.row, align: "center", part });
      }
      return { count: matches.length, current: match ? next + 1 : 0 };
    },
    endSearch: () => setFound(undefined),
    focus: () => box.current?.focus(),
  };
}
