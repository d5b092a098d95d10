import type { Exchange } from "../guest/exchanges.ts";
import type { LongList } from "../log/long-list.ts";
import { stateOf } from "./exchange-facts.ts";
import { partOf, type Span } from "./time-span.ts";

/** How many exchanges began in each of equal parts of an axis. */
export interface Density {
  readonly all: readonly number[];
  /** Those that were refused, failed or cut. */
  readonly bad: readonly number[];
}

/** Counts exchanges by the part of an axis in which they began. */
export function densityOf(exchanges: LongList<Exchange>, axis: Span, parts: number): Density {
  const all = new Array<number>(parts).fill(0);
  const bad = new Array<number>(parts).fill(0);
  for (const piece of exchanges.pieces)
    for (const exchange of piece) {
      const part = Math.floor(partOf(axis, exchange.started) * parts);
      const index = Math.max(0, Math.min(parts - 1, part));
      all[index] = (all[index] ?? 0) + 1;
      const state = stateOf(exchange);
      if (state !== "done" && state !== "open") bad[index] = (bad[index] ?? 0) + 1;
    }
  return { all, bad };
}

/**
 * The outline of a density, as the path of an SVG that is as wide as the density has parts, and 1 high. Heights grow with
 * the square root, so that one exchange is seen beside a thousand.
 */
export function outlineOf(counts: readonly number[], most: number): string {
  const columns = counts.map((count, index) => {
    if (count === 0) return "";
    const height = Math.max(0.12, Math.sqrt(count / Math.max(1, most)));
    return `M${index} 1V${(1 - height).toFixed(2)}H${index + 1}V1Z`;
  });
  return columns.join("");
}

/** Times on an axis, of which only one is kept in each of equal parts, so that a drawing stays small. */
export function spreadTimes(times: Iterable<number>, axis: Span, parts: number): readonly number[] {
  const kept = new Map<number, number>();
  for (const time of times) {
    const part = Math.floor(partOf(axis, time) * parts);
    if (!kept.has(part)) kept.set(part, time);
  }
  return [...kept.values()];
}
