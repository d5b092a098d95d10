import type { SearchDirection } from "../terminal/search-bar.tsx";

/** A place in a log that has the text that is searched for. */
export interface LogMatch {
  /** The row's number, as the log counts its rows. */
  readonly row: number;
  readonly column: number;
}

/** The columns at which a text is found in another one, in upper or lower case. */
export function findInText(text: string, sought: string): readonly number[] {
  if (sought === "") return [];
  const [within, wanted] = [inLowerCase(text), inLowerCase(sought)];
  const columns: number[] = [];
  for (let at = within.indexOf(wanted); at >= 0; at = within.indexOf(wanted, at + wanted.length))
    columns.push(at);
  return columns;
}

/** The only letter that gets longer, so that all behind it would move, is taken for a plain one. */
function inLowerCase(text: string): string {
  return text.replaceAll("İ", "i").toLowerCase();
}

/** The places in the text of a row. @param row its number */
export function findInRow(row: number, text: string, sought: string): readonly LogMatch[] {
  return findInText(text, sought).map((column) => ({ row, column }));
}

/** The index of the place after, or before, another one; or of that one itself, and else of the next one. */
export function nextMatch(matches: readonly LogMatch[], from: LogMatch, direction: SearchDirection): number {
  const least = direction === "here" ? from.column : from.column + 1;
  const isAfter = ({ row, column }: LogMatch) => row > from.row || (row === from.row && column >= least);
  const isBefore = ({ row, column }: LogMatch) =>
    row < from.row || (row === from.row && column < from.column);
  const isBack = direction === "previous";
  const next = isBack ? matches.findLastIndex(isBefore) : matches.findIndex(isAfter);
  if (next >= 0) return next;
  return isBack ? matches.length - 1 : 0;
}
