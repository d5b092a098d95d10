import { expect, test } from "vitest";
import { bodyFormats, bodyIssue, bytesOf, usualFormat, writtenAs } from "./body-formats.ts";
import { charactersOfHex } from "./hex-text.ts";

const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);

test("bytes are written in each format and read back", () => {
  const bodies = ["", "plain\r\n", "\ufeffé\0", '["a"]'].map((text) => new TextEncoder().encode(text));
  for (const bytes of bodies)
    for (const [format] of bodyFormats) {
      const text = writtenAs(format, bytes) ?? "none";
      expect(bytesOf({ format, text })).toEqual(
        format === "json" && bytes[0] === 0x5b ? new TextEncoder().encode('[\n  "a"\n]') : bytes,
      );
    }
  for (const format of ["hex", "base64"] as const)
    expect(bytesOf({ format, text: writtenAs(format, all) ?? "" })).toEqual(all);
});

test("bytes that are not text have no form as text", () => {
  expect([usualFormat(all), writtenAs("text", all), writtenAs("json", all)]).toEqual([
    "hex",
    undefined,
    undefined,
  ]);
});

test("hexadecimal has eight bytes in a line, with their characters behind it", () => {
  const lines = writtenAs("hex", all)?.split("\n") ?? [];
  expect(lines).toHaveLength(32);
  expect(lines[9]).toBe("48 49 4a 4b 4c 4d 4e 4f");
  expect(charactersOfHex("40 41 7f")).toBe("@A.");
});

test("digits that make no bytes have an issue", () => {
  expect(bodyIssue({ format: "hex", text: "AB cd\n0" })).toBeDefined();
  expect(bodyIssue({ format: "hex", text: "0g" })).toBeDefined();
  expect(bodyIssue({ format: "base64", text: "YQ" })).toBeDefined();
  expect(bodyIssue({ format: "base64", text: "YQ==\n" })).toBeUndefined();
  expect(bodyIssue({ format: "json", text: "{" })).toBeUndefined();
});
