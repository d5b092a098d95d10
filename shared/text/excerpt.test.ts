import { expect, test } from "vitest";
import { excerpt } from "./excerpt.ts";

test.each([
  ["what fits stays as it is", "abcde", "abcde"],
  ["what is longer is cut", "abcdef", "abcde..."],
  ["characters that a terminal would obey are escapes, and count as one", "\x1b[2J\n", "\\x1b[2J\\n"],
  ["a character of two units is not cut in two", "abcd😀", "abcd..."],
])("%s", (_rule, text, shown) => {
  expect(excerpt(text, 5)).toBe(shown);
});
