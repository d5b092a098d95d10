import type { IncomingMessage } from "node:http";
import { expect, test } from "vitest";
import { createAccess } from "./access.ts";

const access = createAccess(8080);
const [cookie = ""] = access.cookie.split(";");
const host = "127.0.0.1:8080";
const request = (headers: IncomingMessage["headers"], url = "/") => ({ url, headers }) as IncomingMessage;

test("the address with the key is the only one that is served without a cookie, and only here", () => {
  expect(access.isEntry(request({ host }, access.entry))).toBe(true);
  expect(access.isEntry(request({ host }, access.entry.slice(0, -1)))).toBe(false);
  expect(access.isEntry(request({ host: "rebound.example:8080" }, access.entry))).toBe(false);
  expect(access.isAllowed(request({ host }, access.entry))).toBe(false);
});

test("the key is long, new each time, and not what the cookie holds", () => {
  expect(access.entry.length).toBeGreaterThan(32);
  expect(createAccess(8080).entry).not.toBe(access.entry);
  expect(access.cookie).not.toContain(access.entry.split("=")[1]);
  expect(access.cookie).toMatch(/; HttpOnly; SameSite=Strict$/);
});

test.each<[string, IncomingMessage["headers"]]>([
  ["without the cookie", { host }],
  ["with a guessed one", { host, cookie: `${cookie.slice(0, -1)}!` }],
  ["with that of a server on another port", { host, cookie: cookie.replace("8080", "8081") }],
  ["by another name of this host's", { host: "rebound.example:8080", cookie }],
  ["by no name", { cookie }],
])("a request %s is refused", (_how, headers) => {
  expect(access.isAllowed(request(headers))).toBe(false);
});

test.each<[string, IncomingMessage["headers"]]>([
  ["another page", { origin: "http://evil.example" }],
  ["a page on another port of this host", { origin: "http://127.0.0.1:9090" }],
  ["a file", { origin: "null" }],
  ["no page", {}],
])("a WebSocket from %s is refused, though the browser sends the cookie with it", (_from, headers) => {
  expect(access.isAllowed(request({ host, cookie, ...headers }))).toBe(true);
  expect(access.isAllowedSocket(request({ host, cookie, ...headers }))).toBe(false);
});

test.each([host, "localhost:8080"])("a page of its own at %s is served, with its WebSockets", (own) => {
  const headers = { host: own, cookie: `other=1; ${cookie}`, origin: `http://${own}` };
  expect(access.isAllowed(request(headers))).toBe(true);
  expect(access.isAllowedSocket(request(headers))).toBe(true);
});
