import { createRowHeights } from "./row-heights.ts";

/** The rows to show, and whether to follow their end. */
export interface RowWindowState {
  /** How many rows there are. */
  readonly count: number;
  /** How many were before these, and are dropped. */
  readonly dropped: number;
  /** Whether the end is kept visible. */
  readonly follows: boolean;
}

export interface RowWindowOptions {
  /** The height of a row, or the least when rows are measured. Pixels. */
  readonly rowHeight: number;
  /** Whether rows may be higher: each says its number in `data-row`. */
  readonly isMeasured?: boolean;
  /** Above the first row, and below the last one. Pixels. */
  readonly padding?: number;
  /** The number of rows that are drawn on either side of the visible ones. */
  readonly overscan: number;
}

/** The rows that are drawn, by their numbers: from the first row ever, which may be dropped. */
interface DrawnRows {
  readonly first: number;
  readonly end: number;
}

type Align = "center" | "nearest";

/**
 * Decides which rows of a long list are drawn and where, and moves the scrollbar so that the visible rows stay in
 * their place when rows before them are dropped, or turn out to be higher than the usual row.
 */
export function createRowWindow({ rowHeight, isMeasured = false, padding = 0, overscan }: RowWindowOptions) {
  const heights = createRowHeights(rowHeight);
  let state: RowWindowState = { count: 0, dropped: 0, follows: true };
  let element: HTMLElement | undefined;
  let size = { width: 0, height: 0 };
  /** The place of the viewport's top, as `RowHeights` counts: it does not change when rows before it are dropped. */
  let top = -padding;
  /** The position of the scrollbar, when this has last read or written it. */
  let scrolled = 0;
  /** A row that is to be shown as soon as those around it are measured. */
  let goal: { readonly number: number; readonly align: Align } | undefined;
  let drawn: DrawnRows = { first: 0, end: 0 };

  const base = () => heights.startOf(state.dropped);
  const limit = () => heights.startOf(state.dropped + state.count) + padding - size.height;
  const clamp = (place: number) => Math.max(base() - padding, Math.min(place, limit()));
  const isShown = () => element !== undefined && size.height > 0 && element.clientHeight > 0;
  /** A person may have scrolled, for which the event comes later. @returns by how much */
  const readScrolled = (): number => {
    if (!element || !isShown()) return 0;
    const change = element.scrollTop - scrolled;
    scrolled += change;
    top += change;
    return change;
  };
  const rangeAt = (place: number): DrawnRows => {
    const [begin, behind] = [state.dropped, state.dropped + state.count];
    if (size.height === 0) return { first: begin, end: begin };
    const first = Math.max(begin, heights.rowAt(place) - overscan);
    if (isMeasured)
      return { first, end: Math.min(behind, heights.rowAt(place + size.height) + 1 + overscan) };
    // Always as many, so that each new one takes the place in the page of one that is removed.
    const end = Math.min(behind, first + slots());
    return { first: Math.max(begin, end - slots()), end };
  };
  const slots = () => Math.ceil(size.height / rowHeight) + 1 + 2 * overscan;
  const placeOf = (number: number, align: Align) => {
    const [start, height] = [heights.startOf(number), heights.heightOf(number)];
    if (align === "center") return clamp(start - (size.height - height) / 2);
    return clamp(Math.min(start, Math.max(top, start + height - size.height)));
  };
  const measureRows = (): boolean => {
    let hasChanged = false;
    for (const row of element?.querySelectorAll<HTMLElement>("[data-row]") ?? []) {
      const number = Number(row.dataset.row);
      const isAbove = heights.startOf(number) + heights.heightOf(number) <= top;
      const change = heights.set(number, row.offsetHeight);
      if (isAbove) top += change;
      hasChanged ||= change !== 0;
    }
    return hasChanged;
  };

  return {
    /** Takes the new state of the list. @returns the rows to be drawn */
    update: (next: RowWindowState): DrawnRows => {
      readScrolled();
      state = next;
      heights.dropBefore(next.dropped);
      if (isShown()) top = clamp(next.follows && !goal ? limit() : top);
      drawn = rangeAt(top);
      return drawn;
    },
    slots,
    /** Pixels from the top of the list. */
    startOf: (number: number) => heights.startOf(number) - base() + padding,
    height: () => heights.startOf(state.dropped + state.count) - base() + 2 * padding,
    /** To be called when the rows are in the page. @returns whether they have to be drawn again */
    settle: (): boolean => {
      // A question to the page forces another layout, so it is asked only where needed.
      if (!element || size.height === 0 || (isMeasured && !isShown())) return false;
      if (isMeasured && measureRows()) return true;
      if (goal) top = placeOf(goal.number, goal.align);
      goal = undefined;
      const wanted = top - base() + padding;
      if (Math.abs(wanted - scrolled) >= 1 && isShown()) {
        element.scrollTop = wanted;
        scrolled = element.scrollTop;
      }
      const range = rangeAt(top);
      return range.first !== drawn.first || range.end !== drawn.end;
    },
    /**
     * To be called when it was scrolled.
     *
     * @returns whether other rows have to be drawn, and whether the end is visible
     */
    scroll: () => {
      const change = readScrolled();
      const range = rangeAt(top);
      return {
        // A slow scroll up begins with a pixel or two.
        isAtEnd: limit() - top < (change < 0 ? 1 : rowHeight * 2),
        isElsewhere: range.first !== drawn.first || range.end !== drawn.end,
      };
    },
    /** Brings a row into sight with the next drawing. */
    show: (number: number, align: Align) => {
      goal = { number, align };
      top = placeOf(number, align);
    },
    /** All rows are measured again; the first visible one stays in its place. */
    remeasure: () => {
      const first = heights.rowAt(top);
      heights.reset(first);
    },
    /** Sets the element in which the rows are shown. @param onResize called when its size has changed */
    attach: (box: HTMLElement, onResize: () => void): (() => void) => {
      element = box;
      const resize = () => {
        const { clientWidth: width, clientHeight: height } = box;
        if (width === size.width && height === size.height) return;
        if (isMeasured && width !== size.width && width > 0) heights.reset(heights.rowAt(top));
        // It was hidden, or in another place of the page: its scroll position is not lost.
        if (size.height === 0) scrolled = box.scrollTop;
        size = { width, height };
        onResize();
      };
      const observer = new ResizeObserver(resize);
      observer.observe(box);
      resize();
      return () => observer.disconnect();
    },
  };
}
