import fc from "fast-check";
import { expect, test } from "vitest";
import { applyEdit, readObject, removeKey, replaceValue, setKey, type TextEdit } from "./json-edit.ts";

const order = ["a", "b", "c", "d", "e"];

/** A text's object, which the tests know to be one. */
function objectOf(text: string) {
  const object = readObject(text);
  if (!object) throw new Error(`no object: ${text}`);
  return object;
}

function set(text: string, key: string, value: unknown): string {
  return applyEdit(text, setKey(text, objectOf(text), key, value, order));
}

function remove(text: string, key: string): string {
  const edit = removeKey(objectOf(text), key);
  return edit ? applyEdit(text, edit) : text;
}

test("a value is replaced where it stands, and nothing else changes", () => {
  expect(set('{ "b":1 ,\t"a" :  [ 2 ] }\n', "b", "x")).toBe('{ "b":"x" ,\t"a" :  [ 2 ] }\n');
  const nested = '{"network": {"mac":  "x"}}';
  const edit = replaceValue(objectOf(nested), ["network", "mac"], "y") as TextEdit;
  expect(applyEdit(nested, edit)).toBe('{"network": {"mac":  "y"}}');
  expect(replaceValue(objectOf(nested), ["network", "device"], "y")).toBeUndefined();
});

test.each([
  ["{}", '{\n  "b": 1\n}'],
  ["{ \n }", '{\n  "b": 1\n}'],
  ['{"a":0}', '{"a":0,"b":1}'],
  ['{ "a": 0, "c": 2 }', '{ "a": 0, "b": 1, "c": 2 }'],
  ['{\n\t"a" : 0,\n\t"c" : 2\n}', '{\n\t"a" : 0,\n\t"b" : 1,\n\t"c" : 2\n}'],
  ['{\n    "c": 2\n}', '{\n    "b": 1,\n    "c": 2\n}'],
  ['{ "c": 2, "d": 3,\n "z": 4 }', '{ "b": 1, "c": 2, "d": 3,\n "z": 4 }'],
  ['{"z": 0, "c": 2, "a": 1}', '{"z": 0, "c": 2, "a": 1, "b": 1}'],
])("in %j a new key is written as its neighbours are, in its place", (text, expected) => {
  expect(set(text, "b", 1)).toBe(expected);
});

test.each([
  ['{\n  "b": 1\n}', "{}"],
  ['{ "a": 0, "b": 1, "c": 2 }', '{ "a": 0, "c": 2 }'],
  ['{\n  "a": 0,\n  "b": 1\n}\n', '{\n  "a": 0\n}\n'],
  ['{\n  "b": 1,\n  "c": 2\n}', '{\n  "c": 2\n}'],
  ['{"a": 0}', '{"a": 0}'],
])("from %j a key is taken with its comma and line", (text, expected) => {
  expect(remove(text, "b")).toBe(expected);
});

test("a text that is no object, or is broken, can't be edited", () => {
  for (const text of ["", "[1]", '{"a": 1', '{"a": 1,}', "{} // comment", '{"a" 1}'])
    expect(readObject(text)).toBeUndefined();
});

/** Objects as different people write them. */
const written = fc
  .record({
    entries: fc.uniqueArray(fc.tuple(fc.constantFrom(...order, "x", "y", "ü"), fc.jsonValue()), {
      selector: ([key]) => key,
    }),
    space: fc.constantFrom("", " ", "\n", "\r\n", "\n  ", "\n\t", "\n\n    "),
    colon: fc.constantFrom(":", ": ", " : ", ":\n"),
    beforeComma: fc.constantFrom("", " "),
    end: fc.constantFrom("", "\n", " ", "\r\n"),
  })
  .map(({ entries, space, colon, beforeComma, end }) => {
    const lines = entries.map(([key, value]) => `${JSON.stringify(key)}${colon}${JSON.stringify(value)}`);
    return `${end}{${space}${lines.join(`${beforeComma},${space}`)}${end}}${end}`;
  });

/** The value that is written for each key. */
function properties(text: string): Map<string, string> {
  const nodes = objectOf(text).children ?? [];
  return new Map(
    nodes.map((node) => [node.children?.[0]?.value, text.slice(node.offset, node.offset + node.length)]),
  );
}

test("whatever is set or removed, the value is as asked, and all other keys stay as they were written, in their order", () => {
  fc.assert(
    fc.property(written, fc.constantFrom(...order), fc.option(fc.jsonValue()), (text, key, value) => {
      const before = properties(text);
      const changed = value === null ? remove(text, key) : set(text, key, value);
      const after = properties(changed);
      expect(Object.hasOwn(JSON.parse(changed), key)).toBe(value !== null);
      if (value !== null) expect(JSON.parse(changed)[key]).toEqual(JSON.parse(JSON.stringify(value)));
      if (value !== null && before.has(key)) expect([...after.keys()]).toEqual([...before.keys()]);
      before.delete(key);
      after.delete(key);
      expect([...after]).toEqual([...before]);
    }),
  );
});

test("a key that is set anew and taken out again leaves the text as it was", () => {
  fc.assert(
    fc.property(written, fc.constantFrom(...order), fc.jsonValue(), (text, key, value) => {
      const before = properties(text);
      fc.pre(before.size > 0 && !before.has(key));
      expect(remove(set(text, key, value), key)).toBe(text);
    }),
  );
});
