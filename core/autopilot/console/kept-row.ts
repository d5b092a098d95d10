import type { ConsolePlace, ConsoleRow, ConsoleView } from "./console-view.ts";

/** A row of a console, and what is new of it. */
export interface KeptRow {
  /** The row as the console has given it last; undefined when a part was erased since. */
  readonly source: ConsoleRow | undefined;
  readonly text: string;
  readonly isWrapped: boolean;
  /** Whether the character in each column is new. */
  readonly isNew: boolean[];
  /** Whether any is; undefined until it is asked for. */
  hasNew?: boolean | undefined;
  /** The number of the update that has changed it last. */
  readonly changed: number;
}

/** The knowledge of a reader about its console. */
export interface ReaderState {
  /** Those of the view. */
  readonly rows: readonly KeptRow[];
  readonly view: ConsoleView;
  readonly typed: TypedLine | undefined;
}

/** A line that was typed, and the console at that moment. */
export interface TypedLine {
  readonly line: string;
  readonly view: ConsoleView;
  /** The place of its cursor. */
  readonly from: ConsolePlace;
}

/** Whether a character of a row is new. */
export const hasNew = (row: KeptRow) => (row.hasNew ??= row.isNew.includes(true));
/** Rows that change by themselves. */
export function copyOf(rows: readonly KeptRow[]): KeptRow[] {
  return rows.map((row) => ({ ...row, isNew: [...row.isNew] }));
}
