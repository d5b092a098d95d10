import { expect, test } from "vitest";
import type { Exchange, Exchanges, GuestAction } from "../../guest/exchanges.ts";
import { itemsOf, listOf } from "../../log/long-list.ts";
import { createExchangeFilter } from "../exchange-filter.ts";
import { parseQuery } from "./parse-query.ts";

const base64 = (text: string) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
const body = (text: string) => ({ bytes: text.length, beginning: base64(text) });

function exchange(given: Partial<Exchange>): Exchange {
  return { number: 1, method: "GET", target: "/engine/v1/poll", started: 0, requestHeaders: [], ...given };
}

const action: GuestAction = {
  number: 7,
  request: { type: "list-folder", path: "/etc" },
  requested: 0,
  tries: [],
};

const log: Exchanges = {
  actions: listOf([action]),
  exchanges: listOf([
    exchange({ number: 1, action: 7, replied: 30_000, status: 200, ended: 30_010, outcome: "complete" }),
    exchange({
      number: 2,
      action: 7,
      method: "POST",
      target: "/engine/v1/reply?id=x",
      requestHeaders: [["Content-Type", "application/json"]],
      status: 400,
      ended: 250,
      outcome: "complete",
      request: body("1,500 bytes (as it were)"),
      reply: { ...body('{"code":"BadId"}'), bytes: 1_600_000 },
    }),
    exchange({
      number: 3,
      method: "POST",
      target: "/engine/v1/log",
      received: 4_000,
      ended: 4_001,
      outcome: "cut",
      request: body("Größe: 3 GB\nno such file\n"),
      reply: body(""),
      rules: [{ name: "Cut the log", from: "guest", steps: [] }],
    }),
    exchange({ number: 4, target: "/elsewhere", started: 5 }),
  ]),
};

function picked(text: string, now = 10): readonly number[] | string {
  const query = parseQuery(text);
  if ("message" in query) return query.message;
  return itemsOf(createExchangeFilter(query.fits)(log, now).picked).map(({ number }) => number);
}

test.each([
  ["", [1, 2, 3, 4]],
  ["endpoint:reply", [2]],
  ["endpoint:poll,log", [1, 3]],
  ["-endpoint:poll", [2, 3, 4]],
  ["endpoint:OTHER", [4]],
  ["status:>=400", [2]],
  ["status:4xx", [2]],
  ["status:200", [1]],
  ["status:200..399", [1]],
  ["state:cut", [3]],
  ["state:open", [4]],
  ["action:list-folder", [1, 2]],
  ["action:7", [1, 2]],
  ["action:exec-shell", []],
  ["from:host", [1, 2]],
  ["from:guest", [3, 4]],
  ["method:post", [2, 3]],
  ["rule:*", [3]],
  ["rule:cut", [3]],
  ['rule:"the log"', [3]],
  ["size:>1MB", [2]],
  ["size:<=1kB", [3]],
  ["size:<1000", [3]],
  ["took:>1s", [1, 3]],
  ["took:>=0.25s", [1, 2, 3]],
  ["waiting:>20s", [1]],
  ["working:>1s", [3]],
  ["BADID", [2]],
  ["größe", [3]],
  ['"no such file"', [3]],
  ['"content-type: app"', [2]],
  ['" application"', [2]],
  ["tion/json", [2]],
  ["post reply", [2]],
  ["cut -state:open", [3]],
  ["endpoint:reply status:>=400 action:list-folder from:host BadId", [2]],
])("%s", (text, numbers) => {
  expect(picked(text)).toEqual(numbers);
});

test("an open exchange has taken the time since its start, and may take any longer one", () => {
  expect(picked("state:open took:>5s", 5_005)).toEqual([]);
  for (const fitting of ["took:>5s", "took:>=5s", "working:>5s", "-took:<5s"])
    expect(picked(`state:open ${fitting}`, 5_006)).toEqual([4]);
  for (const other of ["took:<9s", "took:1s..9s", "took:5.001s", "waiting:>5s"])
    expect(picked(`state:open ${other}`, 5_006)).toEqual([]);
});

test("as time passes, open exchanges are looked at again, and no others", () => {
  const query = parseQuery("took:>5s");
  const pick = createExchangeFilter("fits" in query ? query.fits : undefined);
  expect(itemsOf(pick(log, 1_000).picked).map(({ number }) => number)).toEqual([1]);
  expect(itemsOf(pick(log, 9_000).picked).map(({ number }) => number)).toEqual([1, 4]);
  const ended = { ...log, exchanges: listOf(itemsOf(log.exchanges).slice(0, 3)) };
  const { picked } = pick(ended, 9_000);
  expect(pick(ended, 10_000).picked.pieces[0]).toBe(picked.pieces[0]);
});

test.each([
  ["endpoint:", "endpoint: needs execute, log, success, failed, poll, reply, ping or other."],
  [
    "endpoint:replies",
    'endpoint: does not take "replies". Write execute, log, success, failed, poll, reply, ping or other.',
  ],
  ["status:abc", 'status: does not take "abc". Write a status such as 404, 4xx, >=400 or 400..499.'],
  ["status:400..", 'status: does not take "400..". Write a status such as 404, 4xx, >=400 or 400..499.'],
  ["took:>3", 'took: does not take ">3". Write a time such as >1s.'],
  ["took:>3parsec", 'took: does not take ">3parsec". Write a time such as >1s.'],
  [
    "statuss:200",
    '"statuss" is not a word of the filter. Did you mean status:? To search for this text, write "statuss:200" in quotes.',
  ],
  ["zzz:1", '"zzz" is not a word of the filter. To search for this text, write "zzz:1" in quotes.'],
  ['"no such', 'A quote is open. End the text with ".'],
  ['""', "The text is empty. Write a text between the quotes."],
])("%s is refused in words", (text, message) => {
  expect(picked(text)).toBe(message);
});

test("the first fault is told with its term", () => {
  expect(parseQuery("endpoint:poll status:x took:y")).toMatchObject({ term: { source: "status:x" } });
});
