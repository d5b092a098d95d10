import fc from "fast-check";
import { expect, test } from "vitest";
import { readJson } from "./json-text.ts";

test("any JSON reads as it does elsewhere", () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(readJson(text)).toEqual({ value: JSON.parse(text), issues: [] });
    }),
  );
});

test("what is refused elsewhere is refused, with its place", () => {
  fc.assert(
    fc.property(fc.json(), fc.nat(), fc.string(), (json, position, inserted) => {
      const place = position % (json.length + 1);
      const text = json.slice(0, place) + inserted + json.slice(place);
      const { value, issues } = readJson(text);
      if (value !== undefined) expect(value).toEqual(JSON.parse(text));
      else {
        expect(() => JSON.parse(text)).toThrow(SyntaxError);
        expect(issues).not.toEqual([]);
      }
    }),
  );
});

test.each([
  ["", 1, 1, "expected a value"],
  ['{\r\n  "a": 1,\r\n  b: 2\r\n}', 3, 3, "expected a key in double quotes"],
  ['{"a" 1}', 1, 6, "expected : after the key"],
  ['{"a": 1 "b": 2}', 1, 9, "expected , or }"],
  ["[1, 2", 1, 6, "expected , or ]"],
  ["[1, 02]", 1, 6, "expected , or ]"],
  ['"a\nb"', 1, 1, "expected a value"],
  ["{} // end", 1, 4, "expected the end of the text"],
  ["\ufeff{}", 1, 1, "starts with a byte order mark"],
  ["[".repeat(100_000), 1, 34, "nested deeper than 32 levels"],
])("in %j it is line %d, column %d", (text, line, column, message) => {
  expect(readJson(text)).toEqual({
    value: undefined,
    issues: [{ line, column, position: expect.any(Number), message: expect.stringContaining(message) }],
  });
});

test("a key given twice is found at each place, and the text is read on", () => {
  const { value, issues } = readJson('{"a": 1, "b": {"c": 1, "c": 2},\n"a": 3}');
  expect(value).toEqual({ a: 3, b: { c: 2 } });
  expect(issues).toEqual([
    { line: 1, column: 24, position: 23, message: 'the key "c" is given more than once' },
    { line: 2, column: 1, position: 32, message: 'the key "a" is given more than once' },
  ]);
});

test("__proto__ is a key like any other", () => {
  const { value } = readJson('{"__proto__": {"a": 1}}');
  expect(Object.keys(Object(value))).toEqual(["__proto__"]);
  expect(Object(value).a).toBeUndefined();
});

test("a text full of issues is not read to its end", () => {
  const { value, issues } = readJson(`{${'"a": 1, '.repeat(100_000)}"a": 1}`);
  expect(value).toBeUndefined();
  expect(issues).toHaveLength(20);
});
