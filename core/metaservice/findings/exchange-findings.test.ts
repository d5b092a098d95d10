import { expect, test } from "vitest";
import type { ExchangeFindings } from "./exchange-findings.ts";
import { createExchangeFindings } from "./exchange-findings.ts";

function startFindings() {
  const found: (readonly [exchange: number, name: string, text: string])[] = [];
  const findings = createExchangeFindings(({ exchange, name, text }) => found.push([exchange, name, text]));
  let count = 0;
  const begin = (
    method: string,
    endpoint: string,
    headers: Readonly<Record<string, string | number>> = {},
  ) => {
    const exchange = ++count;
    const pairs = Object.entries(headers).map(([name, value]) => [name, String(value)] as const);
    const target = `/engine/v1/${endpoint}`;
    findings.see({ type: "exchange-started", exchange, method, target, headers: pairs });
    return exchange;
  };
  const reply = (exchange: number, status = 200) =>
    findings.see({ type: "exchange-replied", exchange, status, headers: [] });
  const action = (type: string, rest: object = {}) =>
    findings.see({ type, action: 1, ...rest } as Parameters<ExchangeFindings["see"]>[0]);
  return { found, begin, reply, action, end: findings.ended };
}

test("nothing is found in a task whose log has ended before its result, in one piece or several", () => {
  const { found, begin, reply, end } = startFindings();
  const [first, second] = [begin("POST", "log"), begin("POST", "log")];
  end({ exchange: first, requestBytes: 5 });
  reply(second);
  end({ exchange: second, requestBytes: 7 });
  begin("PUT", "success", { "X-Tinsmith-Log-Bytes": 12 });
  begin("PUT", "success");
  expect(found).toEqual([]);
});

test("a result that comes while the end of the log was not confirmed is found", () => {
  const { found, begin } = startFindings();
  begin("POST", "log");
  begin("PUT", "failed", { "x-tinsmith-log-bytes": 12 });
  expect(found).toEqual([
    [2, "result before log", "The result came before the end of the log, which is exchange 1."],
  ]);
});

test("a log with fewer bytes than the guest tools have written is found; the record of its end may be late", () => {
  const { found, begin, reply, end } = startFindings();
  const log = begin("POST", "log");
  reply(log);
  end({ exchange: log, requestBytes: 4096 });
  begin("PUT", "success", { "X-Tinsmith-Log-Bytes": 25_000 });
  begin("PUT", "success", { "X-Tinsmith-Log-Bytes": "many" });
  expect(found).toEqual([
    [2, "log too short", "The log has 4,096 bytes of the 25,000 bytes that the task has written."],
  ]);
});

test("a reply that is sent again with another length is found, and not one that is the same", () => {
  const { found, begin } = startFindings();
  begin("POST", "reply?id=a", { "Content-Length": 620 });
  begin("POST", "reply?id=b", { "Content-Length": 1 });
  begin("POST", "reply?id=a", { "Content-Length": 620 });
  begin("POST", "reply?id=a");
  begin("POST", "reply?id=a", { "Content-Length": 0 });
  expect(found).toEqual([
    [
      5,
      "another reply",
      "The guest tools have sent this reply again with 0 bytes. Before, it had 620 bytes.",
    ],
  ]);
});

test("nothing is found when a lost log was sent again as a whole, nor in a repeated result", () => {
  const { found, begin, reply, end } = startFindings();
  begin("POST", "log");
  const again = begin("POST", "log");
  reply(again);
  end({ exchange: again, requestBytes: 12 });
  begin("PUT", "success", { "X-Tinsmith-Log-Bytes": 12 });
  expect(found).toEqual([]);
  begin("POST", "log");
  begin("PUT", "success", { "X-Tinsmith-Log-Bytes": 99 });
  expect(found).toEqual([]);
});

test("nothing is found in the reply to another action with the same id", () => {
  const { found, begin, action } = startFindings();
  action("action-taken", { id: "a", exchange: begin("GET", "poll") });
  begin("POST", "reply?id=a", { "Content-Length": 620 });
  action("action-taken", { id: "a", exchange: begin("GET", "poll") });
  begin("POST", "reply?id=a", { "Content-Length": 1 });
  expect(found).toEqual([]);
});

test.each([
  ["null", 0],
  ['{"type": "none"}', 0],
  ['{"type": {}}', 0],
  ['{"type": "list-folder", "path": "/", "command": [], "tty": false}', 1],
])("the composed action %s without a reply has %d findings", (text, count) => {
  const { found, begin, action } = startFindings();
  action("action-requested", { request: { type: "composed", text } });
  action("action-taken", { id: "a", exchange: begin("GET", "poll") });
  action("action-try-failed", { reason: "no answer came" });
  expect(found).toHaveLength(count);
});

test("an action without a reply, and a reply that is refused, are found", () => {
  const { found, begin, reply, action } = startFindings();
  action("action-requested", { request: { type: "list-folder", path: "/" } });
  action("action-taken", { id: "a", exchange: begin("GET", "poll") });
  action("action-try-failed", { reason: "no answer came for 30.0 s" });
  action("action-try-failed", { reason: "no guest tools asked for actions for 30.0 s" });
  action("action-taken", { id: "b", exchange: begin("GET", "poll") });
  const answer = begin("POST", "reply?id=b");
  action("action-answered", { id: "b", exchange: answer });
  reply(answer, 400);
  action("action-try-failed", { reason: "the listing is not JSON" });
  action("action-ended");
  expect(found).toEqual([
    [1, "no reply", "Action 1 got no reply: no answer came for 30.0 s."],
    [3, "invalid reply", "The reply is not valid: the listing is not JSON."],
  ]);
});

test("a reply that is cut off is no finding: its exchange says it", () => {
  const { found, begin, action } = startFindings();
  action("action-answered", { id: "a", exchange: begin("POST", "reply?id=a") });
  action("action-try-failed", { reason: "the reply broke off" });
  expect(found).toEqual([]);
});
