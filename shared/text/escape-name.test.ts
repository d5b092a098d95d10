import { expect, test } from "vitest";
import { escapeName, escapeText } from "./escape-name.ts";

test.each([
  ["/tmp/with space/ünï.txt", "/tmp/with space/ünï.txt"],
  ["two\nlines\r\t", "two\\nlines\\r\\t"],
  ["\u001b[31mred\u009b\u0007", "\\x1b[31mred\\x9b\\x07"],
  ["invoice\u202efdp.exe", "invoice\\u{202e}fdp.exe"],
  ["half a pair \ud800", "half a pair \\u{d800}"],
])("%j is shown as %s", (name, shown) => {
  expect(escapeName(name)).toBe(shown);
});

test("a text keeps its lines and tabs, and nothing else that a terminal obeys", () => {
  expect(escapeText("a\tb\nc\r\u001b[2J\u009bK\u202e\ud800")).toBe(
    "a\tb\nc\\r\\x1b[2J\\x9bK\\u{202e}\\u{d800}",
  );
});
