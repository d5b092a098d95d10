import { matchesIn } from "../../../shared/text/pattern.ts";
import type { Expected } from "./console-view.ts";

/** A place of a text in another one. */
interface Occurrence {
  readonly index: number;
  readonly length: number;
}

/** All places of a text, also those that overlap; those of a pattern one behind the other. */
export function* occurrences(text: string, expected: Expected): Generator<Occurrence, void, void> {
  if (typeof expected === "string") {
    for (let index = text.indexOf(expected); index >= 0; index = text.indexOf(expected, index + 1))
      yield { index, length: expected.length };
    return;
  }
  for (const match of matchesIn(text, expected.match)) if (match.length > 0) yield match;
}
