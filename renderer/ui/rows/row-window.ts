import { createRowHeights } from "./row-heights.ts";

/** The keys of rows that come and go between others: later rows have higher keys. */
export interface RowKeys {
  /** The key of the row at a position; undefined when there is none. */
  at(position: number): number | undefined;
  /** The position of the first row with that key, or a higher one. */
  find(key: number): number;
}

/** The rows to show, and whether to follow their end. */
export interface RowWindowState {
  /** How many rows there are. */
  readonly count: number;
  /** How many were before these, and are dropped. */
  readonly dropped: number;
  /** By which rows are known; without them, by their numbers, from the first row ever. */
  readonly keys?: RowKeys | undefined;
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

/** `sight`: in the middle, unless the row is in sight already. */
type Align = "start" | "center" | "nearest" | "sight";

/** A row that is to be shown. */
export interface Goal {
  /** Its key; its number, if it has none. */
  readonly row: number;
  readonly align: Align;
  /** Finds the part of the row that is to be visible, as soon as that is drawn. */
  readonly part?: (() => HTMLElement | null | undefined) | undefined;
}

/**
 * Decides which rows of a long list are drawn and where, and moves the scrollbar so that the visible rows stay in
 * their place when rows before them come, go, or turn out to be higher than the usual row.
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
  /** Whether a person has scrolled up since the last event of that: the list may be drawn before the event comes. */
  let hasScrolledUp = false;
  /** A row that is to be shown as soon as those around it are measured. */
  let goal: Goal | undefined;
  let drawn: DrawnRows = { first: 0, end: 0 };

  const base = () => heights.startOf(state.dropped);
  const limit = () => heights.startOf(state.dropped + state.count) + padding - size.height;
  const clamp = (place: number) => Math.max(base() - padding, Math.min(place, limit()));
  const isShown = () => element !== undefined && size.height > 0 && element.clientHeight > 0;
  /** A new size of the box may have moved the scrollbar, and no person. */
  const isResized = () => element !== undefined && element.clientHeight !== size.height;
  /** A person may have scrolled, for which the event comes later. */
  const readScrolled = (hasEvent = false) => {
    if (!element || !isShown()) return;
    const change = element.scrollTop - scrolled;
    scrolled += change;
    // A box that the dock puts into the page again has lost its position, without an event: the rows keep their place.
    if (scrolled === 0 && !hasEvent) return;
    top += change;
    if (change < 0 && !isResized()) hasScrolledUp = true;
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
  const placeOf = ({ row, align }: Goal, part?: HTMLElement | null) => {
    const number = state.keys?.find(row) ?? row;
    const start = heights.startOf(number) + (part?.offsetTop ?? 0);
    const height = part?.offsetHeight ?? heights.heightOf(number);
    if (align === "start") return clamp(start);
    const isInSight = start >= top && start + height <= top + size.height;
    if (align === "center" || (align === "sight" && !isInSight))
      return clamp(start - (size.height - height) / 2);
    return clamp(Math.min(start, Math.max(top, start + height - size.height)));
  };
  /** If rows have come or gone between others, all have other numbers; the first visible one stays in its place. */
  const renumber = (before: RowKeys, after: RowKeys) => {
    const last = state.count - 1;
    const first = heights.rowAt(top);
    const key = before.at(first);
    if (key === undefined) return;
    const change = after.find(key) - first;
    if (change === 0 && before.at(last) === after.at(last)) return;
    heights.reset(first);
    top += change * rowHeight;
  };
  /** A row may be wider than the box. */
  const scrollSideways = (part: HTMLElement) => {
    if (!element) return;
    const left =
      part.getBoundingClientRect().left - element.getBoundingClientRect().left + element.scrollLeft;
    const [width, right] = [element.clientWidth, left + part.offsetWidth];
    const isVisible = left >= element.scrollLeft && right <= element.scrollLeft + width;
    if (!isVisible) element.scrollLeft = right <= width ? 0 : left - (width - part.offsetWidth) / 2;
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
      if (state.keys && next.keys) renumber(state.keys, next.keys);
      state = next;
      heights.dropBefore(next.dropped);
      if (isShown()) top = clamp(next.follows && !goal && !hasScrolledUp ? limit() : top);
      drawn = rangeAt(top);
      return drawn;
    },
    slots,
    /** Pixels from the top of the list. */
    startOf: (number: number) => heights.startOf(number) - base() + padding,
    height: () => heights.startOf(state.dropped + state.count) - base() + 2 * padding,
    /** The number of the first row of which a part is visible. */
    firstInSight: () => Math.max(state.dropped, heights.rowAt(top)),
    /** Whether all rows are visible at once. */
    isWhole: () => isShown() && limit() <= base() - padding,
    /** To be called when the rows are in the page. @returns whether they have to be drawn again */
    settle: (): boolean => {
      // A question to the page forces another layout, so it is asked only where needed.
      if (!element || size.height === 0 || (isMeasured && !isShown())) return false;
      if (isMeasured && measureRows()) {
        // The browser has moved the scrollbar of a list that is less high than before.
        scrolled = element.scrollTop;
        return true;
      }
      const part = goal?.part?.();
      if (goal) top = placeOf(goal, part);
      if (part) scrollSideways(part);
      const wanted = top - base() + padding;
      if (Math.abs(wanted - scrolled) >= 1 && isShown()) {
        element.scrollTop = wanted;
        scrolled = element.scrollTop;
      }
      const range = rangeAt(top);
      const isElsewhere = range.first !== drawn.first || range.end !== drawn.end;
      // Its part may be drawn only at the new place.
      if (!goal?.part || part || !isElsewhere) goal = undefined;
      return isElsewhere;
    },
    /**
     * To be called when it was scrolled.
     *
     * @returns whether other rows have to be drawn, and whether the end is visible; undefined if a new size of the box
     *   has moved it, and no person
     */
    scroll: () => {
      readScrolled(true);
      const range = rangeAt(top);
      // A slow scroll up begins with a pixel or two.
      const isAtEnd = limit() - top < (hasScrolledUp ? 1 : rowHeight * 2);
      hasScrolledUp = false;
      return {
        isAtEnd: isResized() ? undefined : isAtEnd,
        isElsewhere: range.first !== drawn.first || range.end !== drawn.end,
      };
    },
    /** Brings a row into sight with the next drawing. */
    show: (wanted: Goal) => {
      goal = wanted;
      top = placeOf(wanted);
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
