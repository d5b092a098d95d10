import { endpointOf, latencyOf, sizeOf } from "../../../state/exchanges/exchange-facts.ts";
import type { Exchange } from "../../../state/guest/exchanges.ts";
import { itemsOf, type LongList } from "../../../state/log/long-list.ts";
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

/** An order of exchanges. */
export interface Sort {
  readonly column: SortColumn;
  readonly isDescending: boolean;
}

/** The order after a click on a column: texts ascend and numbers descend first, then the other way, then comes the order of time. */
export function nextSort(sort: Sort | undefined, column: SortColumn): Sort | undefined {
  const first = column !== "request";
  if (sort?.column !== column) return { column, isDescending: first };
  return sort.isDescending === first ? { column, isDescending: !first } : undefined;
}

/**
 * The exchanges that are shown, sorted by a column; equal ones in the order of time, and those without a value at the end.
 *
 * @param now for exchanges that are open
 */
export function sortExchanges(
  shown: LongList<Exchange>,
  { column, isDescending }: Sort,
  now: number,
): LogRows {
  const keyed = itemsOf(shown).map((exchange) => ({ exchange, key: columns[column](exchange, now) }));
  const direction = isDescending ? -1 : 1;
  keyed.sort(({ key: one }, { key: other }) => {
    if (one === other) return 0;
    if (one === undefined) return 1;
    if (other === undefined) return -1;
    return one < other ? -direction : direction;
  });
  return {
    count: keyed.length,
    dropped: 0,
    at: (index) => {
      const row = keyed[index];
      return row && { kind: "exchange", exchange: row.exchange, isGrouped: false };
    },
    indexOf: ({ kind, number }) =>
      kind === "exchange" ? keyed.findIndex(({ exchange }) => exchange.number === number) : -1,
  };
}
