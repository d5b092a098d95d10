import { splitTerms } from "./query-terms.ts";
import { queryWords } from "./query-words.ts";

/** A possible text of the filter, when the term at its end is completed. */
export interface Completion {
  readonly text: string;
  /** The property of exchanges that its last term is about. */
  readonly help: string;
}

/** The completions of the last term of a filter's text: words first, and then the values of a word. */
export function completeQuery(text: string): readonly Completion[] {
  const end = splitTerms(text).at(-1);
  if (end?.isUnclosed) return [];
  const last = /\s$/.test(text) ? undefined : end;
  const before = text.slice(0, text.length - (last?.source.length ?? 0)) + (last?.isNegated ? "-" : "");
  if (last?.word === undefined) {
    const begun = last?.value.toLowerCase() ?? "";
    return Object.entries(queryWords)
      .filter(([word]) => word.startsWith(begun))
      .map(([word, { help }]) => ({ text: `${before}${word}:`, help }));
  }
  const { word } = last;
  const { values = [], help = "" } = queryWords[word] ?? {};
  return values
    .filter((value) => value.toLowerCase().startsWith(last.value.toLowerCase()) && value !== last.value)
    .map((value) => ({ text: `${before}${word}:${value}`, help }));
}
