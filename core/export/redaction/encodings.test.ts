import fc from "fast-check";
import { expect, test } from "vitest";
import { createRedaction } from "./redaction.ts";

const mark = "[value of A]";

function redact(text: string, value: string): string {
  return createRedaction({ variables: { A: value }, homes: [], user: "root" }).text(text);
}

const bytesOf = (value: string) => [...Buffer.from(value)];
const hex = (number: number, digits = 2) => number.toString(16).padStart(digits, "0");
const units = (value: string) => Array.from({ length: value.length }, (_, at) => value.charCodeAt(at));
const json = (value: string) => JSON.stringify(value).slice(1, -1);
const asciiJson = (value: string) =>
  json(value).replaceAll(/[^\x20-\x7e]/g, (unit) => `\\u${hex(unit.charCodeAt(0), 4)}`);
const quoted = (value: string) => value.replaceAll("'", "'\\''");

/** The encodings in which programs write a value, amid anything else. */
const encodings: Readonly<Record<string, (value: string) => string>> = {
  "as it is": (value) => value,
  "with a terminal's line breaks": (value) => value.replaceAll("\n", "\r\n"),
  JSON: json,
  "JSON of ASCII": asciiJson,
  "JSON of ASCII with large digits": (value) =>
    asciiJson(value).replaceAll(/\\u.{4}/g, (encoded) => `\\u${encoded.slice(2).toUpperCase()}`),
  "JSON as Go writes it": (value) =>
    json(value).replaceAll(/[<>&]/g, (one) => `\\u${hex(one.charCodeAt(0), 4)}`),
  "JSON as PHP writes it": (value) => asciiJson(value).replaceAll("/", "\\/"),
  "JSON in JSON": (value) => json(json(value)),
  "an escape for each character": (value) =>
    units(value)
      .map((unit) => `\\u${hex(unit, 4)}`)
      .join(""),
  "an address": (value) => encodeURIComponent(value),
  "an address with small digits": (value) =>
    encodeURIComponent(value).replaceAll(/%../g, (encoded) => encoded.toLowerCase()),
  "an address, strictly": (value) =>
    encodeURIComponent(value).replaceAll(/[!'()*]/g, (one) => `%${hex(one.charCodeAt(0)).toUpperCase()}`),
  "an address, each byte": (value) =>
    bytesOf(value)
      .map((byte) => `%${hex(byte)}`)
      .join(""),
  "a form": (value) => new URLSearchParams({ "": value }).toString().slice(1),
  "a shell's single quotes": quoted,
  "a shell's single quotes in JSON": (value) => json(quoted(value)),
  "a shell's quotes in quotes": (value) => value.replaceAll("'", `'"'"'`),
  "a shell's double quotes": (value) => value.replaceAll(/["$`\\]/g, "\\$&"),
  "a shell's backslashes": (value) => value.replaceAll(/[^\w\n\t\u{80}-\u{10ffff}]/gu, "\\$&"),
  "bytes in a shell's $'...'": (value) =>
    bytesOf(value)
      .map((byte) => `\\x${hex(byte)}`)
      .join(""),
  "bytes in octal": (value) =>
    bytesOf(value)
      .map((byte) => `\\${byte.toString(8).padStart(3, "0")}`)
      .join(""),
  "small hexadecimal digits": (value) => Buffer.from(value).toString("hex"),
  "large hexadecimal digits": (value) => Buffer.from(value).toString("hex").toUpperCase(),
};

/** Of any characters; a line break at its end is not looked for, and a carriage return alone is not a line break. */
const values = fc
  .oneof(
    fc.string({ unit: "grapheme", minLength: 6, maxLength: 30 }),
    fc.string({ unit: fc.constantFrom(..."a1 '\"\\/+%<&$`=\n\té€😀"), minLength: 6, maxLength: 30 }),
  )
  .filter((value) => value.trimEnd() === value && !value.includes("\r"));

/** Without characters that are a part of how something is written. */
const surroundings = fc.string({ unit: fc.constantFrom(..."|;xyz"), maxLength: 12 });

test.each(Object.keys(encodings))("a value leaves nothing behind that is written as %s", (name) => {
  fc.assert(
    fc.property(values, surroundings, surroundings, (value, before, after) => {
      const written = encodings[name]?.(value) ?? "";
      const redacted = redact(`${before}|${written}|${after}`, value);
      expect(redacted).toBe(`${before}|${mark}|${after}`);
    }),
    { numRuns: 100 },
  );
});

const wrap = (text: string, columns: number, lineBreak = "\n") =>
  text.replaceAll(new RegExp(`.{${columns}}`, "g"), `$&${lineBreak}`);

/** The encodings of base64. */
const base64Forms: Readonly<Record<string, (bytes: Buffer) => string>> = {
  base64: (bytes) => bytes.toString("base64"),
  "base64 for addresses": (bytes) => bytes.toString("base64url"),
  "base64 in an address": (bytes) => encodeURIComponent(bytes.toString("base64")),
  "base64 in lines": (bytes) => wrap(bytes.toString("base64"), 8),
  "base64 in a terminal's lines": (bytes) => wrap(bytes.toString("base64"), 6, "\r\n"),
  "base64 in lines, in JSON": (bytes) => json(wrap(bytes.toString("base64"), 8)),
};

test.each(Object.keys(base64Forms))("a value leaves nothing behind amid other bytes in %s", (name) => {
  fc.assert(
    fc.property(
      values,
      fc.uint8Array({ maxLength: 9 }),
      fc.uint8Array({ maxLength: 9 }),
      (value, before, after) => {
        const encode = base64Forms[name] ?? String;
        const written = encode(Buffer.concat([before, Buffer.from(value), after]));
        const redacted = redact(`|${written}|`, value);
        expect(redacted).toContain(mark);
        // Only digits of the bytes before and behind it remain.
        const rest = decodeURIComponent(redacted.replace(mark, "")).replaceAll(/\\r|\\n|[\s|=]/g, "");
        const most = Math.floor((before.length * 8) / 6) + Math.ceil((after.length * 8) / 6);
        expect(rest.length).toBeLessThanOrEqual(most);
      },
    ),
    { numRuns: 100 },
  );
});

test("a password in the header that signs in with a name is replaced, at each of the three places", () => {
  for (const name of ["a", "bo", "bot"]) {
    const header = Buffer.from(`${name}:correct horse!`).toString("base64");
    expect(redact(`got ${header} from it`, "correct horse")).toMatch(
      /^got .{0,5}\[value of A\].{0,4} from it$/,
    );
  }
});

test("what is only like a value remains", () => {
  const value = "correct horse";
  for (const text of ["correct hors", "correct_horse", "Correct horse", "Y29ycmVjdCBob3Jz", "636f7272656374"])
    expect(redact(`|${text}|`, value)).toBe(`|${text}|`);
});
