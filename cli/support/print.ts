import { escapeText } from "../../shared/text/escape-name.ts";
import { stripControls } from "../../shared/text/strip-controls.ts";

// All output of the CLI passes here, since names, arguments and a guest's words may contain characters that a
// terminal obeys. Only a task's log, the output of a shell and of a console, and names, a reply and a file in a pipe are printed as
// they are.

/** Prints text for a person on stdout. */
export function print(text: string): void {
  process.stdout.write(escapeText(text));
}

/** Writes escaped text to stderr. */
type WriteMessage = (text: string) => void;

let writeMessage: WriteMessage = (text) => void process.stderr.write(text);

/** Prints text for a person on stderr. */
export function printMessage(text: string): void {
  writeMessage(escapeText(text));
}

/** Passes messages to the part that draws on the terminal, and would overwrite them, until it is disposed of. */
export function divertMessages(write: WriteMessage): Disposable {
  const before = writeMessage;
  writeMessage = write;
  return {
    [Symbol.dispose]: () => {
      writeMessage = before;
    },
  };
}

/** Longer than any line of ours, in UTF-16 code units. */
const longestLine = 500;

/** Shortens texts that are much longer than a line: messages repeat arguments, which may have any length. */
export function shortenLines(text: string): string {
  return text
    .split("\n")
    .map((line) => (line.length > longestLine ? `${line.slice(0, longestLine)}...` : line))
    .join("\n");
}

/** Prints a note for the person. */
export function printNote(text: string): void {
  printMessage(`note: ${text}\n`);
}

/** Asks the terminal on stderr to notify the person: one that can't ignores it. */
export function notifyTerminal(text: string): void {
  if (process.stderr.isTTY)
    process.stderr.write(`\u001b]9;Tinsmith: ${escapeText(stripControls(text))}\u0007`);
}

/** Prints a value as JSON on stdout. @param indent spaces for each level; without it, the value is one line */
export function printJson(value: unknown, indent?: number): void {
  process.stdout.write(jsonLine(value, indent));
}

/** How a list is printed. */
interface ListForm<Item> {
  /** Prints JSON, an item a line. */
  readonly json?: boolean | undefined;
  /** The line of an item, for a person. */
  readonly describe: (item: Item) => string;
  /** The sentence about an empty list, for a person. */
  readonly none: string;
}

/** Prints a list on stdout, an item a line. */
export function printList<Item>(items: readonly Item[], { json, describe, none }: ListForm<Item>): void {
  if (json) for (const item of items) printJson(item);
  else print(items.length === 0 ? `${none}\n` : items.map((item) => `${describe(item)}\n`).join(""));
}

/**
 * A value as JSON with a line break. Characters that a terminal would obey are `\u` escapes in it, which mean the same to
 * a program.
 */
export function jsonLine(value: unknown, indent?: number): string {
  const json = JSON.stringify(value, null, indent);
  return `${json.replaceAll(/[\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}]/gu, escapeUnits)}\n`;
}

/** A character beyond the first 65,536 has two units. */
function escapeUnits(character: string): string {
  return character
    .split("")
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
}
