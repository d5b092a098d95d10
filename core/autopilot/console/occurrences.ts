import type { Expected } from "./console-view.ts";

/** A place of a text in another one. */
interface Occurrence {
  readonly index: number;
  readonly length: number;
}

/** All places of a text, also those that overlap. */
export function* occurrences(text: string, expected: Expected): Generator<Occurrence, void, void> {
  if (typeof expected === "string") {
    for (let index = text.indexOf(expected); index >= 0; index = text.indexOf(expected, index + 1))
      yield { index, length: expected.length };
    return;
  }
  const pattern = new RegExp(expected.source, `${expected.flags.replaceAll(/[gy]/g, "")}g`);
  for (const match of text.matchAll(pattern))
    if (match[0] !== "") yield { index: match.index, length: match[0].length };
}
