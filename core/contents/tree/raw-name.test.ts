import fc from "fast-check";
import { expect, test } from "vitest";
import { parseRawName, showRawName } from "./raw-name.ts";

test.each([
  ["plain.txt", [...Buffer.from("plain.txt")]],
  ["Grüße 日本 😀", [...Buffer.from("Grüße 日本 😀")]],
  ["\\xff\\xfe", [0xff, 0xfe]],
  ["a\\x0ab", [0x61, 0x0a, 0x62]],
  ["\\\\xff", [...Buffer.from("\\xff")]],
  ["\\xc3", [0xc3]],
  ["\\xe2\\x80\\xae", [0xe2, 0x80, 0xae]],
])("a name that is shown as %s gives its bytes again", (shown, bytes) => {
  expect(showRawName(Uint8Array.from(bytes))).toBe(shown);
  expect([...parseRawName(shown)]).toEqual(bytes);
});

test("any bytes are shown so that they can be told from all others, with nothing that a terminal obeys", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      const shown = showRawName(bytes);
      expect([...parseRawName(shown)]).toEqual([...bytes]);
      expect(shown).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    }),
  );
});
