import { stripControls } from "../../shared/text/strip-controls.ts";
import type { Rewindable } from "../async/rewindable.ts";

/** Words in lines by which programs tell that something went wrong, and the place in a source that compilers name. */
const failureSigns =
  /\b(?:errors?|fail(?:ed|ure|s)?|fatal|panic|unable to|can(?:no|')t|could not|not found|no such|denied|refused|undefined|invalid|no space left)\b|:\d+:\d+: /i;
/** The longest line that is searched for a failure; a guest's log lines may have any length. Characters. */
const longestLine = 200;
/** How many lines from the end the failure may be: a script may say more before it ends. */
const searchedLines = 30;

/** Collects a program's output line by line, and finds the line that tells why it failed. */
interface FailedLineSearch extends Rewindable {
  add(line: string): void;
  /** The last line that tells a failure; undefined when none of the last lines does. */
  found(): string | undefined;
}

export function createFailedLineSearch(): FailedLineSearch {
  let found: { readonly line: string; readonly number: number } | undefined;
  let count = 0;
  return {
    add: (text) => {
      count += 1;
      const line = stripControls(text).trim().slice(0, longestLine);
      if (failureSigns.test(line)) found = { line, number: count };
    },
    remember: () => {
      const before = { found, count };
      return () => {
        ({ found, count } = before);
      };
    },
    found: () => (found && count - found.number < searchedLines ? found.line : undefined),
  };
}

/** The last of a program's last lines that tells why it failed; undefined when none does. */
export function findFailedLine(lines: readonly string[]): string | undefined {
  const search = createFailedLineSearch();
  for (const line of lines) search.add(line);
  return search.found();
}
