import type { ConsolePlace, ConsoleView, Expected } from "./console-view.ts";
import { findEcho } from "./find-echo.ts";
import { type ReadCharacter, readRows, textOf, withoutKernelMessages } from "./reading-text.ts";

/**
 * Finds text that is new on a console: at least one of its characters appeared after what was found before, and is not the echo of a
 * typed line. A text in a dialog that is drawn over an earlier one is new, too.
 */
export interface ConsoleReader {
  /** Takes what the console shows now. */
  update(view: ConsoleView): void;
  /** To be called when the guest has erased a row from a column on: what it writes there is new, even if it is the same. */
  erase(place: ConsolePlace): void;
  /** To be called just before a line is typed. */
  expectEcho(line: string): void;
  /** How many characters of the line that was typed last have their echo. */
  echoed(): number;
  /** Finds a text. All up to its end is old from then on. @returns the text; undefined when it isn't there */
  take(expected: Expected): string | undefined;
  /** The last lines that the console shows, for a person who looks why a text does not come. */
  lastLines(count: number): readonly string[];
}

/** A text may begin in so many rows before the first new character. */
const before = 5;

interface KeptRow {
  readonly text: string;
  readonly isWrapped: boolean;
  /** Whether the character in each column is new. */
  readonly isNew: boolean[];
}

export function createConsoleReader(): ConsoleReader {
  let rows = new Map<number, KeptRow>();
  let view: ConsoleView = { first: 0, rows: [], cursor: { row: 0, column: 0 } };
  let typed: { readonly line: string; readonly from: ConsolePlace } | undefined;

  const isNew = ({ row, column }: ReadCharacter) => rows.get(row)?.isNew[column] === true;
  const forget = (read: Iterable<ReadCharacter>) => {
    for (const { row, column } of read) {
      const kept = rows.get(row);
      if (kept) kept.isNew[column] = false;
    }
  };
  /** Rows in which nothing is new are only read where a text may begin in them. */
  const readAll = () => {
    const hasNew = ({ isNew }: KeptRow) => isNew.includes(true);
    const firstNew = [...rows.values()].findIndex(hasNew);
    const since = firstNew < 0 ? view.rows.length : firstNew;
    const start = Math.max(
      0,
      Math.min(since, (typed?.from.row ?? Number.POSITIVE_INFINITY) - view.first) - before,
    );
    return readRows(view.first + start, view.rows.slice(start));
  };
  /** The characters of the echo of the line that was typed last. */
  const echoOf = (read: readonly ReadCharacter[]): ReadonlySet<ReadCharacter> => {
    if (!typed) return new Set();
    const { line, from } = typed;
    const start = read.findIndex(
      ({ row, column }) => row > from.row || (row === from.row && column >= from.column),
    );
    if (start < 0) return new Set();
    const behind = read.slice(start);
    return new Set([...findEcho(behind, line)].flatMap((index) => behind[index] ?? []));
  };

  const takeFrom = (
    read: readonly ReadCharacter[],
    expected: Expected,
    echo: ReadonlySet<ReadCharacter>,
  ): string | undefined => {
    const text = textOf(read);
    for (const { index, length } of occurrences(text, expected)) {
      const found = read.slice(index, index + length);
      if (!found.some((one) => /\S/.test(one.character) && isNew(one) && !echo.has(one))) continue;
      forget(read.slice(0, index + length));
      return text.slice(index, index + length);
    }
    return undefined;
  };

  return {
    update: (next) => {
      const updated = new Map<number, KeptRow>();
      for (const [index, { text, isWrapped }] of next.rows.entries()) {
        const before = rows.get(next.first + index);
        const isNew = Array.from(
          { length: text.length },
          (_, column) => before?.text[column] !== text[column] || (before?.isNew[column] ?? true),
        );
        updated.set(next.first + index, { text, isWrapped, isNew });
      }
      rows = updated;
      view = next;
    },
    erase: ({ row, column }) => {
      const kept = rows.get(row);
      if (kept) rows.set(row, { ...kept, text: kept.text.slice(0, column) });
    },
    expectEcho: (line) => {
      if (typed) forget(echoOf(withoutKernelMessages(readAll())));
      typed = { line, from: view.cursor };
    },
    echoed: () => (typed ? Math.min(typed.line.length, echoOf(withoutKernelMessages(readAll())).size) : 0),
    take: (expected) => {
      const read = readAll();
      const uninterrupted = withoutKernelMessages(read);
      const echo = echoOf(uninterrupted);
      return takeFrom(read, expected, echo) ?? takeFrom(uninterrupted, expected, echo);
    },
    lastLines: (count) =>
      view.rows
        .map(({ text }) => text.trimEnd())
        .filter(Boolean)
        .slice(-count),
  };
}

interface Occurrence {
  readonly index: number;
  readonly length: number;
}

/** All places of a text, also those that overlap. */
function* occurrences(text: string, expected: Expected): Generator<Occurrence, void, void> {
  if (typeof expected === "string") {
    for (let index = text.indexOf(expected); index >= 0; index = text.indexOf(expected, index + 1))
      yield { index, length: expected.length };
    return;
  }
  const pattern = new RegExp(expected.source, `${expected.flags.replaceAll(/[gy]/g, "")}g`);
  for (const match of text.matchAll(pattern))
    if (match[0] !== "") yield { index: match.index, length: match[0].length };
}
