import { expect, test } from "vitest";
import type { HeldMessage } from "../../../../shared/rules/held-message.ts";
import { draftBody, draftIssue, editOf, isOtherBody, statusIssue } from "./held-draft.ts";

const message: HeldMessage = {
  number: 1,
  rule: "break on poll response",
  exchange: 1,
  from: "host",
  since: 0,
  began: 0,
  tries: 1,
  endpoint: "poll",
  method: "GET",
  target: "/engine/v1/poll",
  status: 200,
  headers: [["Content-Type", "application/json"]],
  bodySize: 15,
  canEdit: true,
};
const bytesOf = (text: string) => new TextEncoder().encode(text);
const bytes = bytesOf('{"type":"none"}');
const shown = '{\n  "type": "none"\n}';
const json = (text: string) => ({ format: "json", text }) as const;

test("JSON is edited with line breaks, bytes in hexadecimal", () => {
  expect(draftBody(bytes, {})).toEqual(json(shown));
  expect(draftBody(bytesOf("\x00a"), {})).toEqual({ format: "hex", text: "00 61" });
  expect(draftBody(bytesOf("plain"), {})).toEqual({ format: "text", text: "plain" });
});

test("a draft that says the same is not an edit, in any format", () => {
  expect(editOf(message, bytes, {})).toBeUndefined();
  expect(
    editOf(message, bytes, { body: json(shown), status: "200", headers: message.headers }),
  ).toBeUndefined();
  const raw = { format: "text", text: '{"type":"none"}' } as const;
  expect([editOf(message, bytes, { body: raw }), isOtherBody(bytes, raw)]).toEqual([undefined, false]);
});

test("an edit has only the changed parts", () => {
  expect(editOf(message, bytes, { body: json("{}"), status: "200" })).toEqual({ text: "{}" });
  expect(editOf(message, bytes, { body: json(shown), status: "503" })).toEqual({ status: 503 });
  expect(editOf(message, bytes, { body: json("") })).toEqual({ text: "" });
  expect(editOf(message, bytes, { body: { format: "hex", text: "00 ff" } })).toEqual({ base64: "AP8=" });
  expect(editOf(message, bytes, { headers: [] })).toEqual({ headers: { "Content-Type": null } });
});

test("malformed JSON can be sent on purpose, but digits that make no bytes can't", () => {
  expect(draftIssue({ body: json("{") })).toBeUndefined();
  expect(draftIssue({ body: { format: "hex", text: "0" } })).toContain("two digits");
  expect(draftIssue({ headers: [["a b", ""]] })).toContain("Enter a name");
});

test("a status is a number from 200 to 599", () => {
  for (const status of ["200", "599", undefined]) expect(statusIssue({ status })).toBeUndefined();
  for (const status of ["", "20", "600", "abc", "2000"]) expect(statusIssue({ status })).toBeDefined();
});
