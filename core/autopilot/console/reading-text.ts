import type { ConsoleRow } from "./console-view.ts";

/** A character in the order in which a person reads. */
export interface ReadCharacter {
  readonly character: string;
  /** The number of its row; the end of a line belongs to the row that it ends. */
  readonly row: number;
  readonly column: number;
}

/** @param first the number of the first row */
export function readRows(first: number, rows: readonly ConsoleRow[]): readonly ReadCharacter[] {
  return rows.flatMap(({ text, isWrapped }, index) => {
    const row = first + index;
    const read = Array.from({ length: text.length }, (_, column) => ({
      character: text.charAt(column),
      row,
      column,
    }));
    return isWrapped ? read : [...read, { character: "\n", row, column: text.length }];
  });
}

/** A message of Linux's kernel, to the end of its line, as it comes between whatever programs write. */
const kernelMessage = /\[ *\d+\.\d{6}\](?:\[ *[TC]\d+\])? [^\n]*\n/g;

/** Leaves the kernel's messages out: the text that they interrupt continues behind them. */
export function withoutKernelMessages(read: readonly ReadCharacter[]): readonly ReadCharacter[] {
  const text = textOf(read);
  const left: ReadCharacter[] = [];
  let end = 0;
  for (const { index, 0: message } of text.matchAll(kernelMessage)) {
    left.push(...read.slice(end, index));
    end = index + message.length;
  }
  return end === 0 ? read : [...left, ...read.slice(end)];
}

/** The same of a text. */
export function withoutKernelText(text: string): string {
  return text.replaceAll(kernelMessage, "");
}

export function textOf(read: readonly ReadCharacter[]): string {
  return read.map(({ character }) => character).join("");
}
