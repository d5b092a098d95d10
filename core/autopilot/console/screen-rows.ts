import type { Restore } from "../../async/rewindable.ts";
import type { ConsoleRow, ConsoleView } from "./console-view.ts";

/** The text on a screen at one moment. */
interface Screen {
  readonly lines: readonly string[];
  /** Characters in a row. */
  readonly columns: number;
}

/** Numbers the rows of a screen, which is only looked at from time to time, so that they keep their numbers when they scroll. */
export interface ScreenRows {
  /** @returns the view of the console that the screen shows */
  next(screen: Screen): ConsoleView;
  /** Remembers what it knows now. */
  remember(): Restore;
}

/** A screen whose text is at the same place in this part of its characters is drawn over the one before. */
const sameScreen = 0.5;
/** Rows of another screen than before are far from those. */
const gap = 1_000_000;

export function createScreenRows(): ScreenRows {
  let first = 0;
  let before: readonly string[] = [];
  return {
    next: ({ lines, columns }) => {
      first += findShift(before, lines) ?? gap;
      before = lines;
      const rows = lines.map(
        (line): ConsoleRow => ({
          // Nobody sees a space behind a prompt, but it may be there.
          text: line === "" || line.length === columns ? line : `${line} `,
          isWrapped: line.length === columns,
        }),
      );
      const row = Math.max(0, lastUsed(lines));
      return { first, rows, cursor: { row: first + row, column: lines[row]?.length ?? 0 } };
    },
    remember: () => {
      const kept = { first, before };
      return () => {
        ({ first, before } = kept);
      };
    },
  };
}

function lastUsed(lines: readonly string[]): number {
  return lines.findLastIndex((line) => line !== "");
}

/** @returns by how many rows the screen has scrolled; undefined when it shows something else */
function findShift(before: readonly string[], now: readonly string[]): number | undefined {
  // The last row may have grown.
  const whole = before.slice(0, Math.max(0, lastUsed(before)));
  for (let shift = 0; shift <= whole.length; shift += 1) {
    const left = whole.slice(shift);
    const isSame = left.every((line, row) => line === now[row]);
    if (isSame && (shift === 0 || left.some((line) => line !== ""))) return shift;
  }
  return similarity(before, now) >= sameScreen ? 0 : undefined;
}

/** The part of the characters of a screen that were there before. */
function similarity(before: readonly string[], now: readonly string[]): number {
  let [same, all] = [0, 0];
  for (const [row, line] of now.entries())
    for (let column = 0; column < line.length; column += 1) {
      if (line[column] === " ") continue;
      all += 1;
      if (before[row]?.[column] === line[column]) same += 1;
    }
  return all === 0 ? 0 : same / all;
}
