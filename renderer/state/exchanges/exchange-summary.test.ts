import { expect, test } from "vitest";
import type { Exchange } from "../guest/exchanges.ts";
import { changeList, listOf } from "../log/long-list.ts";
import { summaryOf } from "./exchange-summary.ts";

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

test("a summary has the bytes, the bad ends and the time of the exchanges that are shown, also of new ones", () => {
  const of = (number: number, given: Partial<Exchange>) =>
    exchange({ number, started: number * 100, ended: number * 100 + 50, ...given });
  const body = (bytes: number) => ({ bytes, beginning: "" });
  const list = listOf([
    of(1, {
      status: 200,
      outcome: "complete",
      request: body(10),
      reply: body(7),
      findings: [{ name: "log too short", text: "2 bytes are missing" }],
    }),
    of(2, { status: 404, outcome: "complete", request: body(5) }),
    of(3, { status: 503, outcome: "complete" }),
    of(4, { outcome: "cut", ended: 900 }),
  ]);
  const summary = {
    sent: 15,
    open: 0,
    bad: { refused: 1, failed: 1, cut: 1 },
    findings: 1,
    from: 100,
    to: 900,
  };
  expect(summaryOf(list)).toEqual(summary);
  const longer = changeList(list, ({ add }) => {
    add(of(9, { request: body(1_000) }));
    add(exchange({ number: 10, started: 920 }));
  });
  expect(summaryOf(longer)).toEqual({ ...summary, sent: 1_015, open: 1, to: 950 });
  expect(summaryOf(listOf<Exchange>([])).from).toBeUndefined();
});
