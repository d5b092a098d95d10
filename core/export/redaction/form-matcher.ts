import { escapePattern } from "./byte-text.ts";

/** All encodings of one part of a value. */
export type Token = readonly string[];

/** A value as a text may hold it: one of each token's texts, one after the other. */
export type Form = readonly Token[];

/** How much of a form a text has at a place. */
export interface FormMatch {
  /** The place behind all of it, the longest way to write it; undefined where the text has not all of it. */
  readonly end: number | undefined;
  /** Whether the text ends within it. */
  readonly isCut: boolean;
}

/** Finds how much of a form a text has from an index on. */
export function matchForm(form: Form, text: string, index: number): FormMatch {
  // Some texts can be read in several ways: all of them are followed.
  let places: readonly number[] = [index];
  let isCut = false;
  for (const token of form) {
    const next = new Set<number>();
    for (const place of places)
      for (const written of token)
        if (text.startsWith(written, place)) next.add(place + written.length);
        else if (place + written.length > text.length) isCut ||= written.startsWith(text.slice(place));
    if (next.size === 0) return { end: undefined, isCut };
    places = [...next];
  }
  return { end: Math.max(...places), isCut };
}

/** The longest text that a form may be written as. */
export function longestText(form: Form): number {
  return form.reduce((sum, token) => sum + Math.max(...token.map(({ length }) => length)), 0);
}

/** A pattern of the first tokens of a form: where it does not match, the form is not. */
export function headPattern(form: Form, tokens: number): string {
  return form
    .slice(0, tokens)
    .map((token) => `(?:${token.map(escapePattern).join("|")})`)
    .join("");
}
