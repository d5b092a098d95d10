import { expect, test } from "vitest";
import type { Difference } from "../../shared/session/session-comparison.ts";
import { alignExchanges, type ReadExchange } from "./align-exchanges.ts";

function exchange(
  number: number,
  endpoint: ReadExchange["endpoint"],
  more: Partial<ReadExchange> = {},
): ReadExchange {
  return {
    number,
    event: number,
    started: number,
    method: endpoint === "poll" || endpoint === "execute" ? "GET" : "POST",
    target: `/engine/v1/${endpoint}`,
    endpoint,
    status: 200,
    outcome: "complete",
    requestHeaders: [],
    replyHeaders: [],
    request: "",
    requestBytes: more.request?.length ?? 0,
    reply: "",
    replyBytes: more.reply?.length ?? 0,
    ...more,
  };
}

/** Each pair as the numbers of its exchanges, and its differences. */
const shown = (first: readonly ReadExchange[], second: readonly ReadExchange[]) =>
  alignExchanges(first, second).map(
    ({ first, second, differences }) =>
      [first?.number, second?.number, differences] as [number?, number?, (readonly Difference[])?],
  );

test("sessions that said the same are equal, whatever ids actions had", () => {
  const action = (id: string, poll: number) => [
    exchange(poll, "poll", { action: "list-folder", reply: `{"id":"${id}","type":"list-folder"}` }),
    exchange(poll + 1, "reply", { action: "list-folder", target: `/engine/v1/reply?id=${id}` }),
  ];
  const first = [exchange(1, "execute"), ...action("aaaaaaaaaaaaaaaaaaaaaa", 2), exchange(4, "success")];
  const second = [exchange(1, "execute"), ...action("bbbbbbbbbbbbbbbbbbbbbb", 2), exchange(4, "success")];
  expect(shown(first, second)).toEqual([
    [1, 1, []],
    [2, 2, []],
    [3, 3, []],
    [4, 4, []],
  ]);
});

test("the headers that differ come with their pair; an equal pair has none", () => {
  const first = [exchange(1, "log", { requestHeaders: [["X-Try", "1"]] }), exchange(2, "log")];
  const second = [exchange(1, "log", { requestHeaders: [["X-Try", "2"]] }), exchange(2, "log")];
  const [different, equal] = alignExchanges(first, second);
  expect(different?.headers).toEqual([{ part: "request", name: "X-Try", first: "1", second: "2" }]);
  expect(equal).not.toHaveProperty("headers");
});

test("each way in which two exchanges differ is named", () => {
  const first = [exchange(1, "log", { request: "one" }), exchange(2, "success")];
  const second = [
    exchange(1, "log", { request: "two", status: 503, reply: "{}", replyHeaders: [["X-A", "1"]] }),
    exchange(2, "success", { outcome: "cut", target: "/engine/v1/success?x" }),
  ];
  expect(shown(first, second)).toEqual([
    [1, 1, ["status", "headers", "request", "response"]],
    [2, 2, ["target", "outcome"]],
  ]);
});

test("bodies differ whose kept beginnings are equal, and whose sizes are not", () => {
  const beginning = "x".repeat(4_096);
  const log = (requestBytes: number) => [exchange(1, "log", { request: beginning, requestBytes })];
  expect(shown(log(5_000), log(5_001))).toEqual([[1, 1, ["request"]]]);
  expect(shown(log(5_000), log(5_000))).toEqual([[1, 1, []]]);
});

test("what only one session has stands where it came there", () => {
  const first = [exchange(1, "execute"), exchange(2, "log"), exchange(3, "failed")];
  const second = [exchange(1, "ping"), exchange(2, "execute"), exchange(3, "log"), exchange(4, "log")];
  expect(shown(first, second)).toEqual([
    [undefined, 1, ["only-second"]],
    [1, 2, []],
    [2, 3, []],
    [undefined, 4, ["only-second"]],
    [3, undefined, ["only-first"]],
  ]);
});

test("100,000 exchanges are aligned in time that grows with their number alone", () => {
  const many = Array.from({ length: 100_000 }, (_, index) => exchange(index + 1, "log"));
  expect(alignExchanges(many, many.slice(0, -1)).filter(({ differences }) => differences.length > 0)).toEqual(
    [{ first: many.at(-1), second: undefined, differences: ["only-first"] }],
  );
  expect(alignExchanges(many.slice(0, 1), many)).toHaveLength(many.length);
});
