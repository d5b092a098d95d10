import { expect, test } from "vitest";
import type { Exchange } from "../../../state/guest/exchanges.ts";
import { listOf } from "../../../state/log/long-list.ts";
import { nextExchangeSort, sortExchanges } from "./sort-exchanges.ts";

function exchange(given: Partial<Exchange>): Exchange {
  return {
    number: 1,
    method: "GET",
    target: "/engine/v1/poll",
    started: 1_000,
    requestHeaders: [],
    ...given,
  };
}

test("exchanges are sorted by a column, open ones by their time until now, and a third click brings back the order of time", () => {
  const list = listOf([
    exchange({ number: 1, status: 200, ended: 1_400, target: "/engine/v1/reply?id=b" }),
    exchange({ number: 2, status: 404, ended: 1_100 }),
    exchange({ number: 3 }),
    exchange({ number: 4, status: 200, ended: 1_900, target: "/engine/v1/reply?id=a" }),
  ]);
  const sorted = (sort: Parameters<typeof sortExchanges>[1]) => {
    const { count, at } = sortExchanges(list, sort, 1_500);
    return Array.from({ length: count }, (_, index) => {
      const row = at(index);
      return row?.kind === "exchange" ? row.exchange.number : undefined;
    });
  };
  expect(sorted({ column: "took", isDescending: true })).toEqual([4, 3, 1, 2]);
  expect(sorted({ column: "took", isDescending: false })).toEqual([2, 1, 3, 4]);
  expect(sorted({ column: "status", isDescending: true })).toEqual([2, 1, 4, 3]);
  expect(sorted({ column: "request", isDescending: false })).toEqual([2, 3, 4, 1]);
  expect(
    sortExchanges(list, { column: "took", isDescending: true }, 1_500).indexOf({
      kind: "exchange",
      number: 2,
    }),
  ).toBe(3);

  const first = nextExchangeSort(undefined, "took");
  expect(first).toEqual({ column: "took", isDescending: true });
  const second = nextExchangeSort(first, "took");
  expect(second).toEqual({ column: "took", isDescending: false });
  expect(nextExchangeSort(second, "took")).toBeUndefined();
  expect(nextExchangeSort(second, "request")).toEqual({ column: "request", isDescending: false });
});
