/** A row of a console, as it is now. */
export interface ConsoleRow {
  /** Without the cells at its end that were never written. */
  readonly text: string;
  /** Whether the line continues in the next row, because the line was longer than the console is wide. */
  readonly isWrapped: boolean;
}

/** The rows that a console shows, and those that are kept of what has scrolled away. */
export interface ConsoleView {
  /** The number of the first row: rows keep theirs when they scroll. */
  readonly first: number;
  readonly rows: readonly ConsoleRow[];
  /** The place at which the next character appears. */
  readonly cursor: ConsolePlace;
}

export interface ConsolePlace {
  readonly row: number;
  readonly column: number;
}

/** The text that a person waits for: as it is, or a regular expression of RE2. */
export type Expected = string | { readonly match: string };

/** That text in an error, and a key for it. */
export function describeExpected(expected: Expected): string {
  return typeof expected === "string" ? JSON.stringify(expected) : `/${expected.match}/`;
}
