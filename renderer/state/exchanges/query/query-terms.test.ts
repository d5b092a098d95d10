import { expect, test } from "vitest";
import { completeQuery } from "./complete-query.ts";
import { splitTerms } from "./query-terms.ts";

const parts = (text: string) =>
  splitTerms(text).map(({ isNegated, word, value }) => [isNegated ? "not" : "", word ?? "", value]);

test("terms are words with values, and texts, each also negated", () => {
  expect(parts("  endpoint:poll  -Status:>=400 hello -there - ")).toEqual([
    ["", "endpoint", "poll"],
    ["not", "status", ">=400"],
    ["", "", "hello"],
    ["not", "", "there"],
    ["", "", "-"],
  ]);
});

test("quotes keep spaces and colons, and backslashes keep quotes", () => {
  expect(parts('"type":"none"')).toEqual([["", "", "type:none"]]);
  expect(parts('"a b" rule:"my rule" "x:y" "say \\"hi\\" \\\\" 12:30')).toEqual([
    ["", "", "a b"],
    ["", "rule", "my rule"],
    ["", "", "x:y"],
    ["", "", 'say "hi" \\'],
    ["", "", "12:30"],
  ]);
});

test("each term knows how it was typed, also one whose quote is open", () => {
  expect(splitTerms('-rule:"a b" "c').map(({ source, isUnclosed }) => [source, isUnclosed])).toEqual([
    ['-rule:"a b"', false],
    ['"c', true],
  ]);
});

test("the last term is completed: its word, or the value of it", () => {
  const texts = (text: string) => completeQuery(text).map((completion) => completion.text);
  expect(texts("")).toContain("endpoint:");
  expect(texts("st")).toEqual(["status:", "state:"]);
  expect(texts("-st")).toEqual(["-status:", "-state:"]);
  expect(texts("method:GET endpoint:p")).toEqual(["method:GET endpoint:poll", "method:GET endpoint:ping"]);
  expect(texts("endpoint:poll")).toEqual([]);
  expect(texts("endpoint:poll ")).toContain("endpoint:poll took:");
  expect(texts('"open quote ')).toEqual([]);
});
