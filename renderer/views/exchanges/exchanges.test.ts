import { expect, test } from "vitest";
import type { Exchange, Exchanges, GuestAction } from "../../state/exchanges.ts";
import { hexDump, readBody } from "./body-text.ts";
import { curlCommand } from "./curl.ts";
import { barPosition, endpointOf, latencyOf, shortTime, stateOf } from "./exchange-facts.ts";
import { createExchangeFilter, noFilter } from "./exchange-filter.ts";
import { exchangesOf, groupByAction } from "./exchange-rows.ts";
import { toHar } from "./har.ts";

const base64 = (text: string) => btoa(text);

function exchange(given: Partial<Exchange> = {}): Exchange {
  return {
    number: 1,
    method: "GET",
    target: "/engine/v1/poll",
    started: 1_000,
    requestHeaders: [],
    ...given,
  };
}

const action: GuestAction = {
  number: 1,
  request: { type: "list-folder", path: "/etc" },
  requested: 900,
  tries: [{ started: 900, taken: { time: 1_000, exchange: 1 }, answered: { time: 1_100, exchange: 2 } }],
};

const log: Exchanges = {
  exchanges: [
    exchange({ number: 1, action: 1, replied: 2_000, status: 200, ended: 2_001, outcome: "complete" }),
    exchange({ number: 2, action: 1, method: "POST", target: "/engine/v1/reply?id=x", status: 400 }),
    exchange({
      number: 3,
      method: "POST",
      target: "/engine/v1/log",
      outcome: "cut",
      request: { bytes: 5, beginning: base64("Hello") },
    }),
  ],
  actions: [action],
};

const numbers = (filter: Partial<typeof noFilter>) =>
  createExchangeFilter({ ...noFilter, ...filter })(log).map(({ number }) => number);

test("exchanges are picked by endpoint, action, state and text, all at once", () => {
  expect(numbers({})).toEqual([1, 2, 3]);
  expect(numbers({ endpoint: "reply" })).toEqual([2]);
  expect(numbers({ action: "list-folder" })).toEqual([1, 2]);
  expect(numbers({ action: "exec-shell" })).toEqual([]);
  expect(numbers({ state: "cut" })).toEqual([3]);
  expect(numbers({ state: "refused", endpoint: "reply" })).toEqual([2]);
  expect(numbers({ text: "ID=X" })).toEqual([2]);
  expect(numbers({ text: "hello" })).toEqual([3]);
});

test("an exchange that has changed is looked at again", () => {
  const filter = createExchangeFilter({ ...noFilter, state: "done" });
  const open = exchange();
  expect(filter({ exchanges: [open], actions: [] })).toEqual([]);
  const done = { ...open, status: 200, outcome: "complete" } as const;
  expect(filter({ exchanges: [done], actions: [] })).toEqual([done]);
});

test("an action's exchanges stand below it, and are found from it", () => {
  const rows = groupByAction(log, log.exchanges, false);
  const drawn = Array.from({ length: rows.count }, (_, index) => rows.at(index)).filter(
    (row) => row !== undefined,
  );
  expect(
    drawn.map((row) => [row.kind, row.kind === "action" ? row.action.number : row.exchange.number]),
  ).toEqual([
    ["action", 1],
    ["exchange", 1],
    ["exchange", 2],
  ]);
  expect(rows.indexOf({ kind: "exchange", number: 2 })).toBe(2);
  expect(groupByAction(log, [], true).count).toBe(0);
  expect(exchangesOf(action, log).map(({ number }) => number)).toEqual([1, 2]);
});

test("a poll's wait is told from work, and all of another request is work", () => {
  expect(latencyOf(log.exchanges[0] ?? exchange(), 9_999)).toEqual({ waiting: 1_000, working: 1 });
  expect(latencyOf(exchange(), 4_000)).toEqual({ waiting: 3_000, working: 0 });
  expect(latencyOf(exchange({ target: "/engine/v1/ping", ended: 1_007 }), 0)).toEqual({
    waiting: 0,
    working: 7,
  });
});

test("names, states and times of exchanges are told apart", () => {
  expect(
    ["/engine/v1/reply?id=1", "/engine/v1/pollx", "/"].map((target) => endpointOf(exchange({ target }))),
  ).toEqual(["reply", "other", "other"]);
  expect(log.exchanges.map(stateOf)).toEqual(["done", "open", "cut"].with(1, "refused"));
  expect([0.42, 12.4, 1_240, 61 * 60_000].map(shortTime)).toEqual(["0.4 ms", "12 ms", "1.24 s", "61 min"]);
  expect(barPosition(30_000)).toBeLessThan(barPosition(60_000));
  expect(barPosition(1e9)).toBe(1);
});

test("bodies are read as JSON, text, or bytes, and half of JSON as text", () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  expect(readBody(bytes('{"a":[1]}'), true)).toEqual({ kind: "json", text: '{\n  "a": [\n    1\n  ]\n}' });
  expect(readBody(bytes('{"a":[1'), false)).toEqual({ kind: "text", text: '{"a":[1' });
  expect(readBody(bytes("ü").subarray(0, 1), false)).toEqual({ kind: "text", text: "" });
  expect(readBody(bytes("ü").subarray(0, 1), true).kind).toBe("binary");
  expect(readBody(bytes("a\0b"), true).kind).toBe("binary");
  expect(readBody(bytes(""), true).kind).toBe("empty");
  expect(hexDump(bytes("0123456789abcdefX"))).toBe(
    "000000  30 31 32 33 34 35 36 37 38 39 61 62 63 64 65 66  0123456789abcdef\n" +
      "000010  58                                               X",
  );
});

test("a request becomes a curl command that keeps its quotes, its headers, and its body", () => {
  const post = exchange({
    method: "POST",
    target: "/engine/v1/reply?id=it's",
    requestHeaders: [
      ["Host", "169.254.169.254"],
      ["Content-Length", "2"],
      ["X-Odd", "$(reboot)"],
    ],
    request: { bytes: 5, beginning: base64("@it's") },
  });
  expect(curlCommand(post, "/s")).toBe(
    [
      "curl -X POST 'http://169.254.169.254/engine/v1/reply?id=it'\\''s'",
      "-H 'X-Odd: $(reboot)'",
      "--data-raw '@it'\\''s'",
    ].join(" \\\n  "),
  );
  const long = { bytes: 9_000, beginning: "", file: "bodies/1.request" };
  expect(curlCommand(exchange({ request: long }), "/s")).toContain("--data-binary @/s/bodies/1.request");
  const binary = { bytes: 2, beginning: base64("\0\xff") };
  expect(curlCommand(exchange({ request: binary }), "/s")).toContain("@<(base64 -d <<<AP8=)");
});

test("an export is an HTTP Archive, with what was kept of the bodies", () => {
  const { log: har } = JSON.parse(toHar(log.exchanges));
  expect(har.version).toBe("1.2");
  expect(har.entries).toHaveLength(3);
  expect(har.entries[0]).toMatchObject({
    startedDateTime: "1970-01-01T00:00:01.000Z",
    time: 1_001,
    request: { method: "GET", url: "http://169.254.169.254/engine/v1/poll" },
    response: { status: 200 },
    timings: { wait: 1_000, receive: 1 },
  });
  expect(har.entries[2].request.postData).toEqual({ mimeType: "", text: "Hello" });
});
