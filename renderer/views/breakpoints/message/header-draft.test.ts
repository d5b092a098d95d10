import { expect, test } from "vitest";
import { editOfHeaders, headersIssue } from "./header-draft.ts";

const original = [
  ["Host", "a"],
  ["X-Two", "1"],
  ["x-two", "2"],
] as const;

test("an edit of headers has those that were changed, added or removed", () => {
  expect(editOfHeaders(original, original)).toBeUndefined();
  expect(editOfHeaders(original, [["Host", "b"], ...original.slice(1)])).toEqual({ Host: "b" });
  expect(editOfHeaders(original, [["Host", "a"]])).toEqual({ "X-Two": null });
  expect(editOfHeaders(original, [...original, ["X-Two", "3"]])).toEqual({ "X-Two": ["1", "2", "3"] });
  expect(editOfHeaders(original, [["Server", "a"], ...original.slice(1)])).toEqual({
    Host: null,
    Server: "a",
  });
});

test("headers have an issue that can't be sent", () => {
  expect(headersIssue([["X-A", "é"]])).toBeUndefined();
  expect(headersIssue([["", ""]])).toContain("name");
  expect(headersIssue([["X-A", "…"]])).toContain("value");
});
