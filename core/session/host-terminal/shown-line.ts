import stripAnsi from "strip-ansi";

/** The escape sequence that erases from the cursor to the end of the line. */
const eraseToEnd = "\x1b[K";

/**
 * A line as a terminal shows it: backspaces and carriage returns move the cursor, and later characters overwrite
 * earlier ones. Other escape sequences are left out.
 */
export function shownLine(text: string): string {
  const shown: string[] = [];
  let column = 0;
  for (const [index, part] of text.split(eraseToEnd).entries()) {
    if (index > 0) shown.length = column;
    for (const character of stripAnsi(part)) {
      if (character === "\b") column = Math.max(0, column - 1);
      else if (character === "\r") column = 0;
      else {
        shown[column] = character;
        column += 1;
      }
    }
  }
  return shown.join("");
}
