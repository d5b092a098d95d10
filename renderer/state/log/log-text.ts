import { changeStyle, type LogStyle, plainStyle } from "./log-style.ts";
import { rowLength } from "./row-length.ts";

/** A part of a row that does not look plain. */
export interface StyledPart {
  readonly start: number;
  readonly end: number;
  readonly style: LogStyle;
}

/** A line of a log, or a piece of a long one. */
export interface LogRow {
  readonly text: string;
  /** In their order; all else is plain. */
  readonly parts: readonly StyledPart[];
  /** Whether it continues where the row before it ended. */
  readonly isContinued: boolean;
}

/** A log as its bytes come, cut into rows that a window can show. */
export interface LogText {
  write(bytes: Uint8Array): void;
  /** The rows, of which the last one may still change. The list is the same one all the time. */
  readonly rows: readonly LogRow[];
  /** How many rows were before these, and are left to the file. */
  dropped(): number;
}

/** Rows that are kept, and how many are dropped at once when there are more. */
const defaultLimits = { rows: 200_000, dropped: 20_000 };
/** The longest incomplete escape sequence, in characters; a longer text is not one. */
const maxEscape = 4_096;

const [esc, bell] = ["\x1b", "\x07"];
/** Characters that a terminal would obey, except a tab. */
const control = /[^\P{Cc}\t]/gu;
/** A control sequence, with its parameters and final character; a string, up to its end; or another escape. */
const sequence = new RegExp(
  `${esc}(?:\\[([0-?]*)[ -/]*([@-~])|[\\]P^_X][^${bell}${esc}]*(?:${bell}|${esc}\\\\)|[ -/]*[0-OQ-WYZ\\\\\`-~])`,
  "y",
);

/**
 * Reads a log as a terminal would that is as high as the log is long: colours, tabs, returns to the beginning of the
 * line and backspaces count. Sequences that move the cursor to other lines are left out.
 */
export function createLogText(limits = defaultLimits): LogText {
  const decoder = new TextDecoder();
  const rows: LogRow[] = [emptyRow(false)];
  let rest = "";
  let style = plainStyle;
  let column = 0;
  let dropped = 0;

  const current = () => rows.at(-1) ?? emptyRow(false);
  const replace = (row: LogRow) => {
    rows[rows.length - 1] = row;
  };
  const newRow = (isContinued: boolean) => {
    rows.push(emptyRow(isContinued));
    column = 0;
    if (rows.length <= limits.rows) return;
    rows.splice(0, limits.dropped);
    dropped += limits.dropped;
  };
  const print = (text: string) => {
    for (let start = 0; start < text.length; ) {
      if (column >= rowLength) newRow(true);
      const piece = text.slice(start, start + rowLength - column);
      replace(overwrite(current(), column, piece, style));
      column += piece.length;
      start += piece.length;
    }
  };
  const obeySequence = (parameters: string, final: string) => {
    const row = current();
    const count = Number.parseInt(parameters, 10) || 0;
    if (final === "m") style = changeStyle(style, parameters);
    else if (final === "K" && count === 0) replace(cut(row, column));
    else if (final === "K")
      replace(overwrite(row, 0, " ".repeat(count === 1 ? column : row.text.length), plainStyle));
    else if (final === "G") column = Math.min(Math.max(1, count) - 1, row.text.length);
    else if (final === "D") column = Math.max(0, column - Math.max(1, count));
    else if (final === "C") column = Math.min(row.text.length, column + Math.max(1, count));
  };
  /** Obeys what stands there. @returns the position behind it; undefined when its end has not come yet */
  const obey = (text: string, at: number): number | undefined => {
    const character = text[at];
    if (character === "\n") newRow(false);
    else if (character === "\r") column = 0;
    else if (character === "\b") column = Math.max(0, column - 1);
    else if (character === esc) {
      sequence.lastIndex = at;
      const found = sequence.exec(text);
      if (!found) return text.length - at < maxEscape ? undefined : at + 1;
      if (found[2]) obeySequence(found[1] ?? "", found[2]);
      return sequence.lastIndex;
    }
    return at + 1;
  };

  return {
    rows,
    dropped: () => dropped,
    write: (bytes) => {
      const text = rest + decoder.decode(bytes, { stream: true });
      rest = "";
      let position = 0;
      while (position < text.length) {
        control.lastIndex = position;
        const at = control.exec(text)?.index ?? text.length;
        if (at > position) print(text.slice(position, at));
        if (at === text.length) return;
        const next = obey(text, at);
        if (next === undefined) {
          rest = text.slice(at);
          return;
        }
        position = next;
      }
    },
  };
}

/** The rows as text: pieces of a long line are one line again. */
export function textOfRows(rows: readonly LogRow[]): string {
  return rows
    .map(({ text, isContinued }, index) => (index === 0 || isContinued ? text : `\n${text}`))
    .join("");
}

/** The parts of most rows, which share it. */
const noParts: readonly StyledPart[] = [];

function emptyRow(isContinued: boolean): LogRow {
  return { text: "", parts: noParts, isContinued };
}

function overwrite(row: LogRow, column: number, piece: string, style: LogStyle): LogRow {
  const end = column + piece.length;
  const text = row.text.slice(0, column) + piece + row.text.slice(end);
  const kept = column < row.text.length ? without(row.parts, column, end) : row.parts;
  if (style === plainStyle) return { ...row, text, parts: kept };
  const before = kept.filter((part) => part.start < column);
  const after = kept.filter((part) => part.start >= end);
  return { ...row, text, parts: [...before, { start: column, end, style }, ...after] };
}

function cut(row: LogRow, column: number): LogRow {
  return {
    ...row,
    text: row.text.slice(0, column),
    parts: without(row.parts, column, Number.POSITIVE_INFINITY),
  };
}

function without(parts: readonly StyledPart[], start: number, end: number): readonly StyledPart[] {
  return parts
    .flatMap((part) => [
      { ...part, end: Math.min(part.end, start) },
      { ...part, start: Math.max(part.start, end) },
    ])
    .filter((part) => part.start < part.end);
}
