import { expect, test } from "vitest";
import { inPieces } from "../test-fixtures.ts";
import { decompress, formatForName } from "./compression.ts";

test("a name says how to compress", () => {
  expect(formatForName("/images/a.tar.lz4")).toBe("lz4");
  expect(formatForName("/images/a.tar.zst")).toBe("zstd");
});

test.each(["a.tar", "a.tar.gz", "a.lz4", "a.tar.lz4.old"])("the name %s is a usage error", (name) => {
  expect(() => formatForName(name)).toThrow(expect.objectContaining({ code: "usage" }));
});

test.each([
  ["an empty file", Buffer.alloc(0)],
  ["a gzip file", Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0])],
])("%s is refused by how it begins", async (_title, file) => {
  await expect(decompress(inPieces(file))).rejects.toThrow(
    "it is compressed neither with LZ4 nor with Zstandard",
  );
});
