import type { Exchange } from "../../guest/exchanges.ts";
import { splitTerms, type Term } from "./query-terms.ts";
import { type Condition, nearestWord, queryWords } from "./query-words.ts";
import { createTextSearch } from "./text-search.ts";

/** A filter of exchanges, read from its text. */
export interface Query {
  /** Its terms, as they were typed: all of them must fit. */
  readonly terms: readonly Term[];
  /** Fits exchanges to all terms. */
  readonly fits: Condition;
}

/** The first fault of a filter's text, in words for the person who has typed it. */
export interface QueryIssue {
  readonly term: Term;
  readonly message: string;
}

/** Reads the text of a filter, such as `endpoint:reply status:>=400 -"no such file"`. An empty one fits all. */
export function parseQuery(text: string): Query | QueryIssue {
  const terms = splitTerms(text);
  const conditions: Condition[] = [];
  for (const term of terms) {
    const condition = conditionOf(term);
    if (typeof condition === "string") return { term, message: condition };
    conditions.push(term.isNegated ? (exchange, log, now) => !condition(exchange, log, now) : condition);
  }
  return {
    terms,
    fits: (exchange, log, now) => conditions.every((condition) => condition(exchange, log, now)),
  };
}

/** @returns the reason why there is none, if it is a text */
function conditionOf({ word, value, isUnclosed }: Term): Condition | string {
  if (isUnclosed) return 'A quote is open. End the text with ".';
  if (word === undefined) {
    if (value === "") return "The text is empty. Write a text between the quotes.";
    const has = createTextSearch(value);
    return (exchange: Exchange) => has(exchange);
  }
  const known = queryWords[word];
  if (!known) {
    const nearest = nearestWord(word);
    const quoted = `To search for this text, write "${word}:${value}" in quotes.`;
    return `"${word}" is not a word of the filter. ${nearest ? `Did you mean ${nearest}:? ` : ""}${quoted}`;
  }
  if (value === "") return `${word}: needs ${known.takes}.`;
  return known.read(value) ?? `${word}: does not take "${value}". Write ${known.takes}.`;
}
