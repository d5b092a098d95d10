import { endpointOf, latencyOf, sizeOf } from "../../../state/exchanges/exchange-facts.ts";
import type { Exchange } from "../../../state/guest/exchanges.ts";
import { itemsOf, type LongList } from "../../../state/log/long-list.ts";
import { nextSort, type Sort, sortItems } from "../../../state/store/sort.ts";
import type { LogRows } from "./exchange-rows.ts";

/**
 * The value of each column that exchanges can be sorted by; undefined for one that is not known while the exchange is open.
 * Times of open exchanges reach to now.
 */
const columns = {
  request: (exchange) => `${endpointOf(exchange)} ${exchange.target}`,
  status: ({ status }) => status,
  size: sizeOf,
  sent: ({ request }) => request?.bytes,
  received: ({ reply }) => reply?.bytes,
  took: ({ started, ended }, now) => (ended ?? now) - started,
  waiting: (exchange, now) => latencyOf(exchange, now).waiting,
  working: (exchange, now) => latencyOf(exchange, now).working,
} satisfies Readonly<Record<string, (exchange: Exchange, now: number) => string | number | undefined>>;

/** A column that exchanges can be sorted by. Without one they are in the order of time. */
export type SortColumn = keyof typeof columns;

export type ExchangeSort = Sort<SortColumn>;

/** The order after a click on a column; undefined for the order of time. */
export function nextExchangeSort(
  sort: ExchangeSort | undefined,
  column: SortColumn,
): ExchangeSort | undefined {
  return nextSort(sort, column, column === "request");
}

/**
 * The exchanges that are shown, sorted by a column; equal ones in the order of time, and those without a value at the end.
 *
 * @param now for exchanges that are open
 */
export function sortExchanges(
  shown: LongList<Exchange>,
  { column, isDescending }: ExchangeSort,
  now: number,
): LogRows {
  const sorted = sortItems(itemsOf(shown), (exchange) => columns[column](exchange, now), isDescending);
  return {
    count: sorted.length,
    dropped: 0,
    at: (index) => {
      const exchange = sorted[index];
      return exchange && { kind: "exchange", exchange, isGrouped: false };
    },
    indexOf: ({ kind, number }) =>
      kind === "exchange" ? sorted.findIndex((exchange) => exchange.number === number) : -1,
  };
}
