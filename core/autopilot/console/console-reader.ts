import type { Restore } from "../../async/rewindable.ts";
import { type ConsolePlace, type ConsoleView, describeExpected, type Expected } from "./console-view.ts";
import { changesSince, compareTyped, findEcho, findEchoInField, type ShownLine } from "./find-echo.ts";
import { copyOf, hasNew, type KeptRow, type ReaderState, type TypedLine } from "./kept-row.ts";
import { occurrences } from "./occurrences.ts";
import {
  type ReadCharacter,
  type ReadText,
  readRows,
  textOf,
  textOfRows,
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
  /** How far the console shows the line that was typed last. */
  typed(): ShownLine;
  /** The text between the place where the last line was typed and the cursor, without kernel messages. */
  shownEcho(): string;
  /** Finds a text. All up to its end is old from then on. @returns the text; undefined when it isn't there */
  take(expected: Expected): string | undefined;
  /** Finds a text as `take` does, and leaves all as it is. @param last whether the last place counts, in place of the first */
  find(expected: Expected, last?: boolean): FoundText | undefined;
  /** All that the console shows is old from then on. */
  forget(): void;
  /** The last lines with new text, without kernel messages. */
  newLines(): readonly string[];
  /** The last lines that the console shows, for a person who looks why a text does not come. */
  lastLines(count: number): readonly string[];
  /** Remembers what it knows now. */
  remember(): Restore;
  /** All that it knows now. */
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

/** A row that may be a part of a kernel message. */
const mayBeOfKernel = /\[ *\d+\.\d{6}\]/;
/** So many texts are remembered that were not found. */
const rememberedMisses = 200;
/** New lines are looked for in so many rows, from the last one. */
const lookedAtRows = 100;

/** The text of a console, from a row on, for as long as it shows that and no other line is typed. */
interface Reading {
  readonly view: ConsoleView;
  readonly typed: TypedLine | undefined;
  /** The index of the first row. */
  readonly start: number;
  readonly whole: ReadText;
  /** Without kernel messages. */
  readonly uninterrupted: ReadText;
  readonly echo: ReadonlySet<ReadCharacter>;
}

/** A text's place, as indices of what was read. */
interface FoundPlace {
  readonly characters: readonly ReadCharacter[];
  readonly start: number;
  readonly end: number;
}

/** Whether a place comes before another one, as a person reads. */
function isBefore(one: ConsolePlace, other: ConsolePlace): boolean {
  return one.row < other.row || (one.row === other.row && one.column < other.column);
}

export function createConsoleReader(): ConsoleReader {
  /** Those of the view. */
  let rows: KeptRow[] = [];
  let view: ConsoleView = { first: 0, rows: [], cursor: { row: 0, column: 0 } };
  let typed: TypedLine | undefined;

  /** The number of the last update. */
  let updates = 0;
  /** The update at which a text was last not there: what has not changed since need not be searched again. */
  let missed = { rows, updates: new Map<string, number>() };

  const rowAt = (row: number): KeptRow | undefined => rows[row - view.first];
  const isNew = ({ row, column }: ReadCharacter) => rowAt(row)?.isNew[column] === true;
  const forget = (read: Iterable<ReadCharacter>) => {
    let kept: KeptRow | undefined;
    let number: number | undefined;
    for (const { row, column } of read) {
      if (row !== number) kept = rowAt(row);
      number = row;
      if (!kept) continue;
      kept.isNew[column] = false;
      kept.hasNew = undefined;
    }
  };
  /** @returns the index of the first row for which it holds; that behind the last row when there is none */
  const findRow = (holds: (row: KeptRow) => boolean): number => {
    const index = rows.findIndex(holds);
    return index < 0 ? rows.length : index;
  };
  /** The text that was read last, for as long as it is the same. */
  let reading: Reading | undefined;
  /** Rows in which nothing is new are only read where a text may begin in them. */
  const read = (): Reading => {
    const start = Math.max(
      0,
      Math.min(findRow(hasNew), (typed?.from.row ?? Number.POSITIVE_INFINITY) - view.first) - before,
    );
    if (reading?.view === view && reading.typed === typed && reading.start <= start) return reading;
    const whole = readRows(view.first + start, view.rows.slice(start));
    const uninterrupted = withoutKernelMessages(whole);
    reading = { view, typed, start, whole, uninterrupted, echo: echoOf(uninterrupted) };
    return reading;
  };
  /** Whether a text may be there: reads only rows in which something is new, and has changed since the text was last not there. */
  const mayShow = (expected: Expected): boolean => {
    if (missed.rows !== rows) missed = { rows, updates: new Map() };
    const since = missed.updates.get(describeExpected(expected)) ?? -1;
    let start = findRow((row) => row.changed > since && hasNew(row));
    if (start === view.rows.length) return false;
    for (let left = before; start > 0 && left > 0; start -= 1)
      if (!mayBeOfKernel.test(view.rows[start - 1]?.text ?? "")) left -= 1;
    const text = textOfRows(view.rows.slice(start));
    const shows = (searched: string) => {
      for (const _ of occurrences(searched, expected)) return true;
      return false;
    };
    return shows(text) || (mayBeOfKernel.test(text) && shows(withoutKernelText(text)));
  };
  /** The characters of the echo of the line that was typed last. */
  const echoOf = (all: ReadText): ReadonlySet<ReadCharacter> => {
    if (!typed || typed.line === "") return new Set();
    const { line } = typed;
    const { start, behind } = behindCursor(all, typed.from);
    const { characters } = all;
    const echo = [...findEcho(behind, line)].flatMap((index) => behind.characters[index] ?? []);
    return new Set(echo.length > 0 ? echo : findEchoInField(characters.slice(0, start), line, typed.view));
  };

  const findIn = (
    { characters, text }: ReadText,
    expected: Expected,
    { echo, last }: { readonly echo: ReadonlySet<ReadCharacter>; readonly last: boolean },
  ): FoundPlace | undefined => {
    let place: FoundPlace | undefined;
    for (const { index, length } of occurrences(text, expected)) {
      const found = characters.slice(index, index + length);
      if (!found.some((one) => /\S/.test(one.character) && isNew(one) && !echo.has(one))) continue;
      place = { characters, start: index, end: index + length };
      if (!last) break;
    }
    return place;
  };
  const search = (expected: Expected, last = false) => {
    const key = describeExpected(expected);
    if (mayShow(expected)) {
      const { whole, uninterrupted, echo } = read();
      const how = { echo, last };
      const place = findIn(whole, expected, how) ?? findIn(uninterrupted, expected, how);
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
      const scrolled = next.first - view.first;
      const updated = next.rows.map((row, index): KeptRow => {
        const before = rows[scrolled + index];
        if (before?.source === row) return before;
        const { text, isWrapped } = row;
        const isNew = Array<boolean>(text.length).fill(true);
        for (let column = 0; before && column < text.length; column += 1)
          if (before.text[column] === text[column]) isNew[column] = before.isNew[column] ?? true;
        return { source: row, text, isWrapped, isNew, changed: updates };
      });
      if (missed.rows === rows) missed = { ...missed, rows: updated };
      rows = updated;
      view = next;
    },
    erase: ({ row, column }) => {
      const kept = rowAt(row);
      if (kept) rows[row - view.first] = { ...kept, source: undefined, text: kept.text.slice(0, column) };
    },
    expectEcho: (line) => {
      if (typed) forget(read().echo);
      typed = { line, view, from: view.cursor };
      missed.updates.clear();
    },
    typed: () => {
      if (!typed) return { right: 0, wrong: 0 };
      const { uninterrupted, echo } = read();
      const { behind } = behindCursor(uninterrupted, typed.from);
      const shown = compareTyped(behind, typed.line, changesSince(typed.view));
      // In a field of a dialog above the cursor only the whole line is found.
      return shown ?? { right: Math.min(typed.line.length, echo.size), wrong: 0 };
    },
    shownEcho: () => {
      if (!typed) return "";
      const { from } = typed;
      const { cursor } = view;
      return textOf(
        read().uninterrupted.characters.filter((one) => !isBefore(one, from) && isBefore(one, cursor)),
      );
    },
    take: (expected) => {
      const place = search(expected);
      if (!place) return undefined;
      forget(place.characters.slice(0, place.end));
      return textOf(place.characters.slice(place.start, place.end));
    },
    find: (expected, last) => {
      const place = search(expected, last);
      const end = place?.characters[place.end - 1];
      if (!place || !end) return undefined;
      return {
        text: textOf(place.characters.slice(place.start, place.end)),
        row: end.row,
        until: (rowAt(end.row)?.text ?? "").slice(0, end.column + 1),
      };
    },
    forget: () => {
      for (const kept of rows) {
        if (!hasNew(kept)) continue;
        kept.isNew.fill(false);
        kept.hasNew = false;
      }
    },
    newLines: () => {
      const { uninterrupted, echo } = read();
      const from = view.first + view.rows.length - lookedAtRows;
      const lines: string[] = [];
      let line = { text: "", isNew: false };
      for (const one of uninterrupted.characters) {
        if (one.row < from) continue;
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

/** The text from the place of the cursor on. */
function behindCursor({ characters, text }: ReadText, from: ConsolePlace) {
  const place = characters.findIndex((one) => !isBefore(one, from));
  const start = place < 0 ? characters.length : place;
  return { start, behind: { characters: characters.slice(start), text: text.slice(start) } };
}
