import type { ConsoleView } from "./console-view.ts";
import { type ReadCharacter, type ReadText, textOf } from "./reading-text.ts";

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
  const hasChanged = changesSince(before);
  const first = read.findIndex(hasChanged);
  if (first < 0) return [];
  const field = read.slice(first, read.findLastIndex(hasChanged) + 1);
  const matched = matchFrom(field, 0, line);
  const isLine = matched.length === line.length && matched.at(-1) === field.length - 1;
  return isLine ? field : [];
}

/** @param before the console at an earlier moment */
export function changesSince(before: ConsoleView): HasChanged {
  return ({ character, row, column }) =>
    /\S/.test(character) && before.rows[row - before.first]?.text[column] !== character;
}

/** How far a console shows a line as it was typed. */
export interface ShownLine {
  /** So many characters of the line are shown, from its beginning on. */
  readonly right: number;
  /** So many others are shown behind these, in the same line. */
  readonly wrong: number;
}

/** Tells which characters of a console have changed since a line began to be typed. */
type HasChanged = (read: ReadCharacter) => boolean;

/**
 * Compares a typed line with what the console shows from the place of the cursor on: unlike an echo that nothing waits for, it must
 * be the line to the last space.
 *
 * @returns undefined when nothing has changed there
 */
export function compareTyped(
  { characters, text }: ReadText,
  line: string,
  hasChanged: HasChanged,
): ShownLine | undefined {
  const changed = characters.filter(hasChanged);
  if (changed.length === 0) return undefined;
  if (isMask(textOf(changed))) return { right: 0, wrong: 0 };
  const compareAt = (start: number) => compareFrom(characters, start, { line, hasChanged });
  const shown = compareAt(0);
  if (line.length < distinctLength) return shown;
  // The guest may have echoed it before its prompt already, or have printed something in between.
  const first = line.charAt(0);
  for (let at = text.indexOf(first); at >= 0; at = text.indexOf(first, at + 1)) {
    const later = compareAt(at);
    if (later.right === line.length && later.wrong === 0) return later;
  }
  return shown;
}

/** Some guests show a star for each character of a password. */
function isMask(text: string): boolean {
  return /^([*•])\1*$/.test(text);
}

function compareFrom(
  read: readonly ReadCharacter[],
  start: number,
  { line, hasChanged }: { readonly line: string; readonly hasChanged: HasChanged },
): ShownLine {
  const isSpace = (at: number) => /\s/.test(read[at]?.character ?? "\n");
  /** Whether only spaces are in the row on one side of it: terminals add those where they wrap a line. */
  const isAtEdge = (at: number) => {
    let [before, after] = [at, at];
    while (before >= start && isSpace(before) && read[before]?.character !== "\n") before -= 1;
    while (after < read.length && isSpace(after) && read[after]?.character !== "\n") after += 1;
    return before < start || read[before]?.character === "\n" || (read[after]?.character ?? "\n") === "\n";
  };
  let [right, end] = [0, start];
  let matched = 0;
  for (let at = start; at < read.length && matched < line.length; at += 1) {
    if (read[at]?.character === line.charAt(matched)) {
      matched += 1;
      // Spaces that may have been there before count with the next character.
      if (!isSpace(at) || matched === line.length) [right, end] = [matched, at + 1];
    } else if (!isSpace(at) || !isAtEdge(at)) break;
  }
  const newline = read.findIndex(({ character }, at) => at >= end && character === "\n");
  const rest = read.slice(end, newline < 0 ? read.length : newline);
  const wrong = rest.findLastIndex(hasChanged) + 1;
  return { right, wrong };
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
