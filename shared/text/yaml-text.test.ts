import { expect, test } from "vitest";
import { readYaml } from "./yaml-text.ts";

/** Longer than any text in the tests below may take: some of them would take minutes. */
const time = 5000;

test("a YAML document is read", () => {
  expect(readYaml("a: [1, &b x]\nc: {d: *b}")).toEqual({ value: { a: [1, "x"], c: { d: "x" } } });
  expect(readYaml("")).toEqual({ value: null });
});

test("32 levels are read, in any style", () => {
  expect(readYaml("[".repeat(32) + "]".repeat(32))).toEqual({
    value: JSON.parse("[".repeat(32) + "]".repeat(32)),
  });
  expect(readYaml(`${"- ".repeat(32)}a`)).toEqual({
    value: JSON.parse(`${"[".repeat(32)}"a"${"]".repeat(32)}`),
  });
});

test.each([
  ["lists", "[".repeat(100_000), 33],
  ["lists of dashes", `${"- ".repeat(100_000)}a`, 65],
  ["mappings", "{a: ".repeat(100_000), 129],
  ["keys", "? ".repeat(100_000), 65],
])(
  "%s nested 100,000 deep are refused where they get too deep",
  (_title, text, column) => {
    expect(readYaml(text)).toEqual({ issue: `line 1, column ${column}: nested deeper than 32 levels` });
  },
  time,
);

test.each([
  ["keys", Array.from({ length: 100_000 }, (_, index) => `a${index}:\n`).join("")],
  ["anchors", `a: ${"&a ".repeat(300_000)}`],
  ["tags", `a: ${"!a ".repeat(300_000)}`],
  ["brackets", "]".repeat(1_000_000)],
  ["lines", "\n".repeat(1_000_000)],
])(
  "a text of very many %s is refused, and not read on",
  (_title, text) => {
    expect(readYaml(text).issue).toMatch(/^line \d+, column \d+: more than 20000 words and marks$/);
  },
  time,
);

test(
  "a text of very many wrong escapes is refused for the first one",
  () => {
    expect(readYaml(`"${"\\q".repeat(100_000)}"`)).toEqual({
      issue: "line 1, column 2: Invalid escape sequence \\q",
    });
  },
  time,
);

test("a second document is refused", () => {
  const issue = "a second document starts here; there must be one only";
  expect(readYaml("a: 1\n---\nb: 2")).toEqual({ issue: `line 2, column 1: ${issue}` });
  expect(readYaml("---\na: 1\n---\n")).toEqual({ issue: `line 3, column 1: ${issue}` });
});

test("characters that a terminal would obey don't reach it, nor do names without end", () => {
  expect(readYaml("a: *\u001bcb\u0007").issue).toMatch(/: \\x1bcb\\x07$/);
  expect(readYaml(`a: *${"b".repeat(100_000)}`).issue).toMatch(/: b{50,200}\.\.\.$/);
});

test("a tag that nobody knows is refused", () => {
  expect(readYaml("a: !path b")).toEqual({ issue: "line 1, column 4: Unresolved tag: !path" });
});

test.each([
  ["a key given twice", "a: 1\na: 2", "line 2, column 1: "],
  ["a list without end", "a: [", "line 1, column 5: "],
  ["an alias of nothing", "a: *b", "Unresolved alias"],
])("%s is refused", (_title, text, issue) => {
  expect(readYaml(text).issue).toContain(issue);
});
