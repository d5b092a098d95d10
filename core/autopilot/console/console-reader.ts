import type { Restore } from "../../async/rewindable.ts";
import type { ConsolePlace, ConsoleRow, ConsoleView, Expected } from "./console-view.ts";
import { findEcho } from "./find-echo.ts";
import {
  type ReadCharacter,
  readRows,
  textOf,
  withoutKernelMessages,
  withoutKernelText,
} from "./reading-text.ts";

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
  /** Finds a text as `take` does, and leaves all as it is. @param last whether the last place counts, in place of the first */
  find(expected: Expected, last?: boolean): FoundText | undefined;
  /** All that the console shows is old from then on. */
  forget(): void;
  /** The lines with new text, without kernel messages, and where they are. */
  newLines(): readonly string[];
  /** The last lines that the console shows, for a person who looks why a text does not come. */
  lastLines(count: number): readonly string[];
  /** Remembers what it knows now. */
  remember(): Restore;
  /** What it knows now. */
  state(): ReaderState;
  /** Knows from then on what was known then, by it or by another reader. */
  restore(state: ReaderState): void;
}

/** A text that was found. */
export interface FoundText {
  readonly text: string;
  /** The row in which it ends. */
  readonly row: number;
  /** That row until the text's end. */
  readonly until: string;
}

/** A text may begin in so many rows before the first new character. */
const before = 5;

interface KeptRow {
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

/** What a reader knows of its console. */
export interface ReaderState {
  readonly rows: ReadonlyMap<number, KeptRow>;
  readonly view: ConsoleView;
  readonly typed: TypedLine | undefined;
}

/** A line that was typed, and the place of the cursor at that moment. */
interface TypedLine {
  readonly line: string;
  readonly from: ConsolePlace;
}

const hasNew = (row: KeptRow) => (row.hasNew ??= row.isNew.includes(true));
/** A row that may be a part of a kernel message. */
const mayBeOfKernel = /\[ *\d+\.\d{6}\]/;
/** So many texts are remembered that were not found. */
const rememberedMisses = 200;

export function createConsoleReader(): ConsoleReader {
  let rows = new Map<number, KeptRow>();
  let view: ConsoleView = { first: 0, rows: [], cursor: { row: 0, column: 0 } };
  let typed: TypedLine | undefined;

  /** The number of the last update. */
  let updates = 0;
  /** The update at which a text was last not there: what has not changed since need not be searched again. */
  let missed = { rows, updates: new Map<string, number>() };

  const isNew = ({ row, column }: ReadCharacter) => rows.get(row)?.isNew[column] === true;
  const forget = (read: Iterable<ReadCharacter>) => {
    for (const { row, column } of read) {
      const kept = rows.get(row);
      if (!kept) continue;
      kept.isNew[column] = false;
      kept.hasNew = undefined;
    }
  };
  /** @returns the index of the first row for which it holds; that behind the last row when there is none */
  const findRow = (holds: (row: KeptRow) => boolean): number => {
    let index = 0;
    for (const row of rows.values()) {
      if (holds(row)) break;
      index += 1;
    }
    return index;
  };
  /** Rows in which nothing is new are only read where a text may begin in them. */
  const readAll = () => {
    const start = Math.max(
      0,
      Math.min(findRow(hasNew), (typed?.from.row ?? Number.POSITIVE_INFINITY) - view.first) - before,
    );
    return readRows(view.first + start, view.rows.slice(start));
  };
  /** Whether a text may be there: reads only rows in which something is new, and has changed since the text was last not there. */
  const mayShow = (expected: Expected): boolean => {
    if (missed.rows !== rows) missed = { rows, updates: new Map() };
    const since = missed.updates.get(`${typeof expected} ${expected}`) ?? -1;
    let start = findRow((row) => row.changed > since && hasNew(row));
    if (start === view.rows.length) return false;
    for (let left = before; start > 0 && left > 0; start -= 1)
      if (!mayBeOfKernel.test(view.rows[start - 1]?.text ?? "")) left -= 1;
    const text = view.rows
      .slice(start)
      .map((row) => (row.isWrapped ? row.text : `${row.text}\n`))
      .join("");
    const shows = (searched: string) => {
      for (const _ of occurrences(searched, expected)) return true;
      return false;
    };
    return shows(text) || (mayBeOfKernel.test(text) && shows(withoutKernelText(text)));
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

  /** @returns the text's place, as indices of what was read */
  const findIn = (
    read: readonly ReadCharacter[],
    expected: Expected,
    { echo, last }: { readonly echo: ReadonlySet<ReadCharacter>; readonly last: boolean },
  ):
    | { readonly read: readonly ReadCharacter[]; readonly start: number; readonly end: number }
    | undefined => {
    let place: ReturnType<typeof findIn>;
    for (const { index, length } of occurrences(textOf(read), expected)) {
      const found = read.slice(index, index + length);
      if (!found.some((one) => /\S/.test(one.character) && isNew(one) && !echo.has(one))) continue;
      place = { read, start: index, end: index + length };
      if (!last) break;
    }
    return place;
  };
  const search = (expected: Expected, last = false) => {
    const key = `${typeof expected} ${expected}`;
    if (mayShow(expected)) {
      const read = readAll();
      const uninterrupted = withoutKernelMessages(read);
      const how = { echo: echoOf(uninterrupted), last };
      const place = findIn(read, expected, how) ?? findIn(uninterrupted, expected, how);
      if (place) return place;
    }
    if (missed.updates.size >= rememberedMisses) missed.updates.clear();
    missed.updates.set(key, updates);
    return undefined;
  };

  const state = (): ReaderState => ({ rows: copyOf(rows), view, typed });
  const restore = (before: ReaderState) => {
    rows = copyOf(before.rows);
    ({ view, typed } = before);
  };

  return {
    update: (next) => {
      updates += 1;
      const updated = new Map<number, KeptRow>();
      for (const [index, row] of next.rows.entries()) {
        const { text, isWrapped } = row;
        const before = rows.get(next.first + index);
        if (before?.source === row) {
          updated.set(next.first + index, before);
          continue;
        }
        const isNew = Array<boolean>(text.length).fill(true);
        for (let column = 0; before && column < text.length; column += 1)
          if (before.text[column] === text[column]) isNew[column] = before.isNew[column] ?? true;
        updated.set(next.first + index, { source: row, text, isWrapped, isNew, changed: updates });
      }
      if (missed.rows === rows) missed = { ...missed, rows: updated };
      rows = updated;
      view = next;
    },
    erase: ({ row, column }) => {
      const kept = rows.get(row);
      if (kept) rows.set(row, { ...kept, source: undefined, text: kept.text.slice(0, column) });
    },
    expectEcho: (line) => {
      if (typed) forget(echoOf(withoutKernelMessages(readAll())));
      typed = { line, from: view.cursor };
      missed.updates.clear();
    },
    echoed: () => (typed ? Math.min(typed.line.length, echoOf(withoutKernelMessages(readAll())).size) : 0),
    take: (expected) => {
      const place = search(expected);
      if (!place) return undefined;
      forget(place.read.slice(0, place.end));
      return textOf(place.read.slice(place.start, place.end));
    },
    find: (expected, last) => {
      const place = search(expected, last);
      const end = place?.read[place.end - 1];
      if (!place || !end) return undefined;
      return {
        text: textOf(place.read.slice(place.start, place.end)),
        row: end.row,
        until: (rows.get(end.row)?.text ?? "").slice(0, end.column + 1),
      };
    },
    forget: () => {
      for (const kept of rows.values()) {
        if (!hasNew(kept)) continue;
        kept.isNew.fill(false);
        kept.hasNew = false;
      }
    },
    newLines: () => {
      const read = withoutKernelMessages(readAll());
      const echo = echoOf(read);
      const lines: string[] = [];
      let line = { text: "", isNew: false };
      for (const one of read) {
        if (one.character === "\n") {
          if (line.isNew) lines.push(line.text);
          line = { text: "", isNew: false };
          continue;
        }
        line.text += one.character;
        line.isNew ||= /\S/.test(one.character) && isNew(one) && !echo.has(one);
      }
      if (line.isNew) lines.push(line.text);
      return lines;
    },
    lastLines: (count) =>
      view.rows
        .map(({ text }) => text.trimEnd())
        .filter(Boolean)
        .slice(-count),
    state,
    restore,
    remember: () => {
      const before = state();
      return () => restore(before);
    },
  };
}

function copyOf(rows: ReadonlyMap<number, KeptRow>): Map<number, KeptRow> {
  return new Map([...rows].map(([number, row]) => [number, { ...row, isNew: [...row.isNew] }]));
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
