import { expect, test } from "vitest";
import { endpointOf, latencyOf, stateOf } from "../../state/exchanges/exchange-facts.ts";
import { createExchangeFilter } from "../../state/exchanges/exchange-filter.ts";
import {
  type Exchange,
  type Exchanges,
  type GuestAction,
  noExchanges,
  reduceExchanges,
} from "../../state/guest/exchanges.ts";
import { changeList, itemsOf, listOf } from "../../state/log/long-list.ts";
import { hexDump, readBody } from "./body-text.ts";
import { toHar } from "./har.ts";
import { createActionGroups, exchangesOf, spanOfRows } from "./list/exchange-rows.ts";

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

const exchanges = [
  exchange({ number: 1, action: 1, replied: 2_000, status: 200, ended: 2_001, outcome: "complete" }),
  exchange({ number: 2, action: 1, method: "POST", target: "/engine/v1/reply?id=x", status: 400 }),
  exchange({
    number: 3,
    method: "POST",
    target: "/engine/v1/log",
    outcome: "cut",
    request: { bytes: 5, beginning: base64("Hello") },
  }),
];
const log: Exchanges = { exchanges: listOf(exchanges), actions: listOf([action]) };

test("an exchange that has changed is looked at again", () => {
  const pick = createExchangeFilter((one) => stateOf(one) === "done");
  const open = exchange();
  expect(itemsOf(pick({ ...noExchanges, exchanges: listOf([open]) }, 0).picked)).toEqual([]);
  const done = { ...open, status: 200, outcome: "complete" } as const;
  expect(itemsOf(pick({ ...noExchanges, exchanges: listOf([done]) }, 0).picked)).toEqual([done]);
});

test("a filter looks at what is new only, and knows how many of those that it has picked are dropped", () => {
  let looked = 0;
  const counted = (number: number) => ({
    ...exchange({ number, status: number % 2 ? 200 : 400, outcome: "complete" }),
    get target() {
      looked += 1;
      return "/";
    },
  });
  const pick = createExchangeFilter((one) => endpointOf(one) === "other" && stateOf(one) === "done");
  const limits = { kept: 20_000, dropped: 5_000 };
  const grow = (list: Exchanges["exchanges"], count: number) =>
    changeList(
      list,
      ({ add, length }) => {
        const begin = list.dropped + length();
        for (let number = 1; number <= count; number++) add(counted(begin + number));
      },
      limits,
    );
  let list = grow(listOf<Exchange>([]), 19_000);
  expect(pick({ ...noExchanges, exchanges: list }, 0).picked.length).toBe(9_500);
  expect(looked).toBe(19_000);
  list = grow(list, 2_000);
  const { picked } = pick({ ...noExchanges, exchanges: list }, 0);
  // The last piece was not full.
  expect(looked).toBeLessThan(21_000 + 512);
  expect(list.dropped).toBeGreaterThan(0);
  expect(picked.dropped).toBe(list.dropped / 2);
  expect(picked.at(0)?.number).toBe(list.dropped + 1);
});

test("a search whose time is up continues where it stopped", () => {
  let looked = 0;
  const pick = createExchangeFilter(({ number }) => {
    looked += 1;
    return number % 2 === 0;
  });
  const long = { ...noExchanges, exchanges: listOf(numbers(2_000).map((number) => exchange({ number }))) };
  const first = pick(long, 0, () => looked > 0);
  expect(first.searched).toBe(0.25);
  expect(first.picked.length).toBe(looked / 2);
  expect(pick(long, 0, () => true).picked.length).toBe(first.picked.length);
  const all = pick(long, 0);
  expect(all.searched).toBe(1);
  expect(all.picked.length).toBe(1_000);
  expect(looked).toBe(2_000);
});

test("an action's exchanges stand below it, and are found from it", () => {
  const rows = createActionGroups()(log);
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
  expect(createActionGroups(() => false)(log).count).toBe(0);
  expect(exchangesOf(action, log).map(({ number }) => number)).toEqual([1, 2]);
});

function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

/** Events of that many actions from a number on, each of which is brought by one exchange and answered by another. */
function actionEvents(from: number, count: number): Parameters<typeof reduceExchanges>[1] {
  return Array.from({ length: count }, (_, index) => from + index).flatMap((action) => {
    const [poll, reply] = [2 * action - 1, 2 * action];
    const started = { type: "exchange-started", method: "GET", target: "/", headers: [], time: 1 } as const;
    return [
      { ...started, exchange: poll },
      { type: "action-requested", action, request: { type: "kill-process" }, time: 1 },
      { type: "action-taken", action, id: "i", exchange: poll, time: 1 },
      { ...started, exchange: reply },
      { type: "action-answered", action, id: "i", exchange: reply, time: 1 },
    ] as const;
  });
}

test("rows by action stay where they are when the log drops its beginning", () => {
  const group = createActionGroups();
  const full = reduceExchanges(noExchanges, actionEvents(1, 59_900));
  const before = group(full);
  expect([before.count, before.dropped]).toEqual([3 * 59_900, 0]);
  const read = before.at(3 * 50_000);
  expect(read).toMatchObject({ kind: "action", action: { number: 50_001 } });
  const next = reduceExchanges(full, actionEvents(59_901, 200));
  expect(next.exchanges.dropped).toBeGreaterThan(0);
  const after = group(next);
  expect(after.dropped).toBeGreaterThan(0);
  expect(after.at(3 * 50_000 - after.dropped)).toEqual(read);
  expect(after.indexOf({ kind: "action", number: 50_001 })).toBe(3 * 50_000 - after.dropped);
  expect(after.indexOf({ kind: "exchange", number: 100_002 })).toBe(3 * 50_000 + 2 - after.dropped);
});

test("the rows that are drawn take the time until now while one of them is open", () => {
  const row = (given: Partial<Exchange>) =>
    ({ kind: "exchange", exchange: exchange(given), isGrouped: false }) as const;
  const ended = row({ started: 1_500, ended: 1_600 });
  expect(spanOfRows([ended], 9_000)).toEqual({ from: 1_500, to: 1_600 });
  expect(spanOfRows([ended, row({ number: 2 })], 9_000)).toEqual({ from: 1_000, to: 9_000 });
  expect(spanOfRows([{ kind: "action", action }], 9_000)).toEqual({ from: 900, to: 9_000 });
  expect(spanOfRows([], 9_000)).toBeUndefined();
});

test("an event makes the rows anew of those actions only that it may be about", () => {
  let looked = 0;
  const group = createActionGroups(() => {
    looked += 1;
    return true;
  });
  const full = reduceExchanges(noExchanges, actionEvents(1, 20_000));
  expect(group(full).count).toBe(60_000);
  expect(looked).toBe(40_000);
  const none = { bytes: 0, beginning: "" };
  const next = reduceExchanges(full, [
    { type: "exchange-ended", exchange: 40_000, time: 2, outcome: "complete", request: none, reply: none },
  ]);
  const row = group(next).at(59_999);
  expect(row).toMatchObject({ kind: "exchange", exchange: { number: 40_000, ended: 2 } });
  expect(looked).toBeLessThan(40_000 + 4 * 512);
});

test("a poll's wait is told from work, and all of another request is work", () => {
  expect(latencyOf(exchanges[0] ?? exchange(), 9_999)).toEqual({ waiting: 1_000, working: 1 });
  expect(latencyOf(exchange(), 4_000)).toEqual({ waiting: 3_000, working: 0 });
  expect(latencyOf(exchange({ target: "/engine/v1/ping", ended: 1_007 }), 0)).toEqual({
    waiting: 0,
    working: 7,
  });
});

test("names and states of exchanges are told apart", () => {
  expect(
    ["/engine/v1/reply?id=1", "/engine/v1/pollx", "/"].map((target) => endpointOf(exchange({ target }))),
  ).toEqual(["reply", "other", "other"]);
  expect(exchanges.map(stateOf)).toEqual(["done", "open", "cut"].with(1, "refused"));
  expect(stateOf(exchange({ status: 200, outcome: "cut" }))).toBe("cut");
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

test("an export is an HTTP Archive, with what was kept of the bodies", () => {
  const { log: har } = JSON.parse(toHar(exchanges));
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

test("an export has every exchange, whatever a guest asked for", () => {
  const targets = [
    "//[",
    "//elsewhere/x?a=1",
    "http://[",
    "http://x/y?b=2",
    "*",
    "/?%zz=[",
    "example.org:80",
  ];
  const { log: har } = JSON.parse(toHar(targets.map((target) => exchange({ target }))));
  expect(har.entries.map(({ request }: { request: { url: string } }) => request.url)).toEqual([
    "http://169.254.169.254//[",
    "http://169.254.169.254//elsewhere/x?a=1",
    "http://[",
    "http://x/y?b=2",
    "http://169.254.169.254/*",
    "http://169.254.169.254/?%zz=[",
    "http://169.254.169.254/example.org:80",
  ]);
  expect(har.entries[1].request.queryString).toEqual([{ name: "a", value: "1" }]);
  expect(har.entries[2].request.queryString).toEqual([]);
});

test("an export names the rules of an exchange, and has edited messages as the service has them", () => {
  const atService = {
    headers: [["Content-Type", "text/plain"]] as const,
    body: { bytes: 4, beginning: base64("sent") },
  };
  const { log: har } = JSON.parse(
    toHar([
      exchange({ number: 7, outcome: "cut", rules: [{ name: 'a "cut"', from: "host", steps: [] }] }),
      exchange({
        number: 8,
        status: 200,
        reply: { bytes: 3, beginning: base64("got") },
        rules: [
          { name: "held", from: "guest", steps: [] },
          { name: "other", from: "host", steps: [] },
        ],
        edited: { guest: atService, host: { ...atService, status: 503 } },
      }),
    ]),
  );
  expect(har.entries[0].comment).toBe('exchange 7, cut; rules: "a \\"cut\\"" applied to the response');
  expect(har.entries[1].comment).toBe(
    'exchange 8; rules: "held" edited the request; "other" edited the response',
  );
  expect(har.entries[1].response).toMatchObject({ status: 200, content: { text: "got" } });
  const content = { mimeType: "text/plain", text: "sent" };
  const headers = [{ name: "Content-Type", value: "text/plain" }];
  expect(har.entries[1]._requestAtService).toEqual({ headers, bodySize: 4, postData: content });
  expect(har.entries[1]._responseOfService).toEqual({
    status: 503,
    headers,
    content: { ...content, size: 4 },
  });
});
