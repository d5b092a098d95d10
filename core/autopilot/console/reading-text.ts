import type { ConsoleRow } from "./console-view.ts";

/** A character in the order in which a person reads. */
export interface ReadCharacter {
  readonly character: string;
  /** The number of its row; the end of a line belongs to the row that it ends. */
  readonly row: number;
  readonly column: number;
}

/** Characters, and the text that they are. */
export interface ReadText {
  readonly characters: readonly ReadCharacter[];
  readonly text: string;
}

/** @param first the number of the first row */
export function readRows(first: number, rows: readonly ConsoleRow[]): ReadText {
  const characters: ReadCharacter[] = [];
  for (const [index, { text, isWrapped }] of rows.entries()) {
    const row = first + index;
    for (let column = 0; column < text.length; column += 1)
      characters.push({ character: text.charAt(column), row, column });
    if (!isWrapped) characters.push({ character: "\n", row, column: text.length });
  }
  return { characters, text: textOfRows(rows) };
}

export function textOfRows(rows: readonly ConsoleRow[]): string {
  return rows.map(({ text, isWrapped }) => (isWrapped ? text : `${text}\n`)).join("");
}

/** A message of Linux's kernel, to the end of its line, as it comes between whatever programs write. */
const kernelMessage = /\[ *\d+\.\d{6}\](?:\[ *[TC]\d+\])? [^\n]*\n/g;

/** Leaves the kernel's messages out: the text that they interrupt continues behind them. */
export function withoutKernelMessages(read: ReadText): ReadText {
  const { characters, text } = read;
  const left: ReadCharacter[] = [];
  let end = 0;
  for (const { index, 0: message } of text.matchAll(kernelMessage)) {
    for (const one of characters.slice(end, index)) left.push(one);
    end = index + message.length;
  }
  if (end === 0) return read;
  return { characters: [...left, ...characters.slice(end)], text: withoutKernelText(text) };
}

/** The same of a text. */
export function withoutKernelText(text: string): string {
  return text.replaceAll(kernelMessage, "");
}

export function textOf(read: readonly ReadCharacter[]): string {
  return read.map(({ character }) => character).join("");
}
