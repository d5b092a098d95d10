import { expect, test } from "vitest";
import type { ExchangeHeaders } from "../../shared/guest/exchange.ts";
import { compareHeaders, type ExchangeHeads } from "./compare-headers.ts";

const heads = (
  requestHeaders: ExchangeHeaders,
  replyHeaders?: ExchangeHeaders,
  requestBytes = 0,
): ExchangeHeads => ({ requestHeaders, replyHeaders, requestBytes, replyBytes: 0 });

test("headers that differ, or that only one session has, are named with both values", () => {
  const first = heads([["Content-Type", "text/plain"]], [["X-Served-By", "one"]]);
  const second = heads([["content-type", "application/json"]], [["Retry-After", "5"]]);
  expect(compareHeaders(first, second)).toEqual([
    { part: "request", name: "Content-Type", first: "text/plain", second: "application/json" },
    { part: "response", name: "X-Served-By", first: "one" },
    { part: "response", name: "Retry-After", second: "5" },
  ]);
});

test("the order of headers and the case of their names are not differences; the order of one name's values is", () => {
  const first: ExchangeHeaders = [
    ["Accept", "a"],
    ["Via", "x"],
    ["Via", "y"],
  ];
  const second: ExchangeHeaders = [
    ["via", "x, y"],
    ["accept", "a"],
  ];
  expect(compareHeaders(heads(first), heads(second))).toEqual([]);
  expect(compareHeaders(heads([["Via", "x, y"]]), heads([["Via", "y, x"]]))).toHaveLength(1);
});

test("headers that differ in any two exchanges are left out", () => {
  const headers = (text: string): ExchangeHeaders => [
    ["Date", text],
    ["Sec-WebSocket-Key", text],
    ["sec-websocket-accept", text],
  ];
  expect(
    compareHeaders(heads(headers("one"), headers("one")), heads(headers("two"), headers("two"))),
  ).toEqual([]);
});

test("the port of Host is left out, its name is not", () => {
  const host = (value: string) => heads([["Host", value]]);
  expect(compareHeaders(host("127.0.0.1:4001"), host("127.0.0.1:4002"))).toEqual([]);
  expect(compareHeaders(host("127.0.0.1:4001"), host("169.254.169.254"))).toHaveLength(1);
});

test("a Content-Length differs only if the bodies have the same size", () => {
  const sized = (length: string, bytes: number) => heads([["Content-Length", length]], undefined, bytes);
  expect(compareHeaders(sized("3", 3), sized("4", 4))).toEqual([]);
  expect(compareHeaders(sized("3", 3), sized("4", 3))).toHaveLength(1);
});

test("a missing response is not a difference of headers", () => {
  expect(compareHeaders(heads([], [["X-A", "1"]]), heads([]))).toEqual([]);
});
