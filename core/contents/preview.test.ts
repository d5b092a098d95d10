import { expect, test } from "vitest";
import { sourceOfBytes } from "../file-systems/test-source.ts";
import { previewFile } from "./preview.ts";

const preview = (bytes: Buffer) => previewFile(sourceOfBytes(bytes));

test("a text is shown as text", async () => {
  const text = "Grüße\n";
  expect(await preview(Buffer.from(text))).toEqual({ kind: "text", size: 8, text, isCut: false });
  expect(await preview(Buffer.alloc(0))).toEqual({ kind: "text", size: 0, text: "", isCut: false });
});

test("a long text is cut, also in the middle of a character", async () => {
  const shown = await preview(Buffer.from("ü".repeat(200_000).padStart(200_001, "x")));
  expect(shown).toMatchObject({ kind: "text", size: 400_001, isCut: true });
  expect("text" in shown && shown.text).toBe("ü".repeat(131_071).padStart(131_072, "x"));
});

test.each([
  ["zeros", Buffer.from("a\0b")],
  ["bytes that are not UTF-8", Buffer.from([0xff, 0xfe, 0x41])],
  ["half a character at its end", Buffer.from("ü").subarray(0, 1)],
])("a file with %s is shown as bytes", async (_what, bytes) => {
  const shown = { kind: "bytes", size: bytes.length, bytes: bytes.toString("base64"), isCut: false };
  expect(await preview(bytes)).toEqual(shown);
});

test.each([
  ["image/png", "89504e470d0a1a0a0000"],
  ["image/jpeg", "ffd8ffe000"],
  ["image/gif", "474946383961ff"],
  ["image/webp", "52494646aabbccdd57454250ff"],
  ["image/bmp", "424daabbccdd00000000ff"],
])("a picture of type %s is shown whole", async (type, hex) => {
  const bytes = Buffer.from(hex.padEnd(2 * 300_000, "f"), "hex");
  const shown = { kind: "picture", size: 300_000, type, bytes: bytes.toString("base64") };
  expect(await preview(bytes)).toEqual(shown);
});
