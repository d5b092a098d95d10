import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { describeIssues, schemaIssues } from "../errors/schema-issues.ts";
import { formOf } from "./message-forms.ts";

const poll = { from: "host", endpoint: "poll", status: 200 } as const;

function issuesOf(value: unknown, message: Parameters<typeof formOf>[0] = poll): readonly string[] {
  const { error } = formOf(message)?.schema?.safeParse(value) ?? {};
  return error ? describeIssues(schemaIssues(error, value)) : [];
}

test("the example of docs/protocol.md has the form of an action", () => {
  const page = readFileSync(new URL("../../docs/protocol.md", import.meta.url), "utf8");
  const [, example = ""] = /```json\n(.*?)\n```/s.exec(page) ?? [];
  expect(issuesOf(JSON.parse(example))).toEqual([]);
});

test("what is missing, unknown or wrong is said in words", () => {
  expect(issuesOf({ id: "x", type: "list-folders", path: 1, comand: [], tty: false })).toEqual([
    'id is "x": must have 22 characters of A-Z, a-z, 0-9, - and _',
    'type is "list-folders": must be one of get-artifact, list-folder, exec-shell, kill-process, none; did you mean list-folder?',
    "path is 1: must be a text",
    "command is missing: must be a list of texts",
    "comand is a list: unknown key; did you mean command?",
  ]);
});

test("an error response has one form at each endpoint", () => {
  expect(issuesOf({ code: "InternalError", message: "" }, { ...poll, endpoint: "log", status: 503 })).toEqual(
    [],
  );
  expect(issuesOf({}, { ...poll, status: 400 })).toHaveLength(2);
});

test("a body that is not JSON is explained, and an unknown endpoint's is not", () => {
  expect(formOf({ from: "guest", endpoint: "log" })?.help).toContain("output");
  expect(formOf({ from: "guest", endpoint: "reply", action: "get-artifact" })?.help).toContain(
    "file-not-found",
  );
  expect(formOf({ from: "host", endpoint: "reply", message: "ack" })?.help).toContain("4 bytes");
  expect(formOf({ from: "guest", endpoint: "other" })).toBeUndefined();
});
