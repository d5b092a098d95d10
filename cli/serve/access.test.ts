import { createHmac } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { expect, test } from "vitest";
import { createAccess } from "./access.ts";

const access = createAccess(8080);
const secret = access.exchange(access.newToken()) ?? "";
const { host } = new URL(access.origin);
const request = (headers: IncomingMessage["headers"]) => ({ headers }) as IncomingMessage;
const socket = { host, origin: `http://${host}`, "sec-websocket-protocol": `tinsmith, ${secret}` };

test("a link holds its token where no server gets it, and the token is another one each time", () => {
  expect(access.newLink()).toMatch(/^http:\/\/[0-9a-f]{20}\.localhost:8080\/#token=[\w-]{32}$/);
  expect(access.newLink()).not.toBe(access.newLink());
});

test("a token is exchanged once, for the secret of this process", () => {
  const token = access.newToken();
  expect(access.isGood(token)).toBe(true);
  expect(access.exchange(token)).toBe(secret);
  expect(access.isGood(token)).toBe(false);
  expect(access.exchange(token)).toBeUndefined();
  expect(access.exchange("")).toBeUndefined();
  const restarted = createAccess(8080);
  expect(restarted.exchange(restarted.newToken())).not.toBe(secret);
});

test("links that nobody opens are dropped, the oldest first", () => {
  const spent: string[] = [];
  const first = access.newToken(() => spent.push("first"));
  for (let count = 0; count < 30; count += 1) access.newToken();
  expect(access.isGood(first)).toBe(false);
  expect(spent).toEqual(["first"]);
});

test("it proves that it knows the secret", () => {
  expect(access.prove("a challenge")).toBe(createHmac("sha256", secret).update("a challenge").digest("hex"));
});

test("a page of its own opens WebSockets with the secret", () => {
  expect(access.isAllowedSocket(request(socket))).toBe(true);
});

test("each server has a name that nobody knew before; by other names it answers to no page", () => {
  expect(createAccess(8080).origin).not.toBe(access.origin);
  expect(createAccess(80).origin).toMatch(/^http:\/\/[0-9a-f]{20}\.localhost$/);
  const names = ["127.0.0.1:8080", "localhost:8080", `${"0".repeat(20)}.localhost:8080`, `x.${host}`];
  for (const name of names) {
    expect(access.isForUs(request({ host: name }))).toBe(false);
    expect(access.isAllowedSocket(request({ ...socket, host: name, origin: `http://${name}` }))).toBe(false);
  }
});

test.each<[string, IncomingMessage["headers"]]>([
  ["without the secret", { "sec-websocket-protocol": "tinsmith" }],
  ["without any protocol", { "sec-websocket-protocol": undefined }],
  ["with the secret alone", { "sec-websocket-protocol": secret }],
  ["with a guessed secret", { "sec-websocket-protocol": `tinsmith, ${secret.slice(0, -1)}!` }],
  ["with the secret as a cookie", { "sec-websocket-protocol": "tinsmith", cookie: `tinsmith=${secret}` }],
  ["by a rebound name", { host: "rebound.example:8080" }],
  ["by no name", { host: undefined }],
  ["of another site's page", { origin: "http://evil.example" }],
  ["of a page on another port of this host", { origin: "http://127.0.0.1:9090" }],
  ["of a page by another name of this host's", { origin: "http://localhost:8080" }],
  ["of a file", { origin: "null" }],
  ["of no page", { origin: undefined }],
])("a WebSocket %s is refused", (_how, headers) => {
  expect(access.isAllowedSocket(request({ ...socket, ...headers }))).toBe(false);
});
