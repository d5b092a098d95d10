import { expect, test } from "vitest";
import type { Exchange } from "../../guest/exchanges.ts";
import { createTextSearch } from "./text-search.ts";

const exchange = (body: string): Exchange => ({
  number: 1,
  event: 1,
  method: "POST",
  target: "/engine/v1/log",
  requestHeaders: [["User-Agent", "guest-tools"]],
  started: 0,
  request: { bytes: body.length, beginning: btoa(body) },
});

test.each(["log", "post /ENGINE", "user-agent: guest", "a body", "(a+"])("the text %s is found", (text) => {
  expect(createTextSearch(text)(exchange("A BODY (a+)"))).toBe(true);
  expect(createTextSearch(`${text}?`)(exchange("A BODY (a+)"))).toBe(false);
});

test("a text that is longer than any regular expression may be is found, too", () => {
  const long = "Abc ".repeat(25_000);
  const isFound = createTextSearch(long.toUpperCase());
  expect(isFound(exchange(`before ${long} after`))).toBe(true);
  expect(isFound(exchange(long.slice(1)))).toBe(false);
});
