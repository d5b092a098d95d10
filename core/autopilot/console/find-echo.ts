import type { ConsoleView } from "./console-view.ts";
import type { ReadCharacter, ReadText } from "./reading-text.ts";

/** A shorter line may be said by anyone: only its first appearance is its echo. */
const distinctLength = 4;

/**
 * Finds the echo of a typed line: the characters of the console that only repeat it. A guest may echo a line twice, when it is typed
 * before the guest reads: by its terminal, and again behind the prompt.
 *
 * @param text with its characters, from the place of the cursor at the moment of typing on. A terminal adds spaces and line ends where the line is too
 *   long for it.
 * @returns the indices of these characters
 */
export function findEcho({ characters, text }: ReadText, line: string): ReadonlySet<number> {
  const echo = new Set<number>();
  if (line === "") return echo;
  for (const index of matchFrom(characters, 0, line)) echo.add(index);
  if (line.length < distinctLength) return echo;
  const first = line.charAt(0);
  for (let at = text.indexOf(first); at >= 0; at = text.indexOf(first, at + 1)) {
    const matched = matchFrom(characters, at, line);
    if (matched.length < line.length) continue;
    for (const index of matched) echo.add(index);
    at = matched.at(-1) ?? at;
  }
  return echo;
}

/**
 * Finds the echo of a typed line in a field of a dialog, above the place that was taken for the cursor: a screen doesn't tell where
 * its cursor is. All that has changed there must be the line.
 *
 * @param read the characters above that place
 * @param before the console at the moment of typing
 */
export function findEchoInField(
  read: readonly ReadCharacter[],
  line: string,
  before: ConsoleView,
): readonly ReadCharacter[] {
  const hasChanged = ({ character, row, column }: ReadCharacter) =>
    /\S/.test(character) && before.rows[row - before.first]?.text[column] !== character;
  const first = read.findIndex(hasChanged);
  if (first < 0) return [];
  const field = read.slice(first, read.findLastIndex(hasChanged) + 1);
  const matched = matchFrom(field, 0, line);
  const isLine = matched.length === line.length && matched.at(-1) === field.length - 1;
  return isLine ? field : [];
}

/** @returns the indices of the characters that repeat the line's beginning, as far as they do */
function matchFrom(read: readonly ReadCharacter[], start: number, line: string): readonly number[] {
  const matched: number[] = [];
  for (let at = start; at < read.length && matched.length < line.length; at += 1) {
    const character = read[at]?.character ?? "";
    if (character === line.charAt(matched.length)) matched.push(at);
    else if (!/\s/.test(character)) break;
  }
  return matched;
}
