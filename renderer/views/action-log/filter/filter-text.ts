import { parseQuery } from "../../../state/exchanges/query/parse-query.ts";
import type { Condition } from "../../../state/exchanges/query/query-words.ts";
import { isWithin } from "../../../state/exchanges/session-axis.ts";
import type { Span } from "../../../state/exchanges/time-span.ts";

/** The text of a filter, as far as it is typed. */
export interface FilterText {
  /** Whole terms, each valid. */
  readonly chips: readonly string[];
  /** The terms that are being typed, which may be wrong. */
  readonly draft: string;
}

export const noFilter: FilterText = { chips: [], draft: "" };

/** All of a filter as one text. */
export function textOf({ chips, draft }: FilterText): string {
  return [...chips, draft.trim()].filter(Boolean).join(" ");
}

/**
 * The condition of a filter and a span of time; undefined when there is none. While the draft is wrong, only the chips
 * count.
 */
export function conditionOf(filter: FilterText, span: Span | undefined): Condition | undefined {
  const all = parseQuery(textOf(filter));
  const valid = "fits" in all ? all : parseQuery(filter.chips.join(" "));
  const fits = "fits" in valid && valid.terms.length > 0 ? valid.fits : undefined;
  if (!span) return fits;
  return (exchange, log, now) => isWithin(exchange, span) && (fits?.(exchange, log, now) ?? true);
}
