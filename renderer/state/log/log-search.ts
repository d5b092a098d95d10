import type { LogText } from "./log-text.ts";

/** A place in a log that has the text that is searched for. */
export interface LogMatch {
  /** Its number, from the first row of the log, which may be dropped. */
  readonly row: number;
  readonly column: number;
}

/** All places with a text, in upper or lower case. Pieces of one line are searched one by one. */
export function findInLog(
  { rows, dropped }: Pick<LogText, "rows" | "dropped">,
  sought: string,
): readonly LogMatch[] {
  const text = sought.toLowerCase();
  if (text === "") return [];
  return rows.flatMap((row, index) => {
    const within = row.text.toLowerCase();
    const found: LogMatch[] = [];
    for (let at = within.indexOf(text); at >= 0; at = within.indexOf(text, at + text.length))
      found.push({ row: dropped() + index, column: at });
    return found;
  });
}
