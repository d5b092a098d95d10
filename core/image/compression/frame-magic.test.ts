import { expect, test } from "vitest";
import { ByteReader } from "../byte-reader.ts";
import { inPieces } from "../test-fixtures.ts";
import { eachFrame, lz4Magic, nextMagic, PartLimit } from "./frame-magic.ts";

/** Goes through frames that have nothing but their magic number. */
async function countFrames(count: number): Promise<number> {
  const magic = Buffer.alloc(4);
  magic.writeUInt32LE(lz4Magic);
  const others = Buffer.alloc((count - 1) * magic.length, magic);
  let frames = 0;
  for await (const _ of eachFrame(new ByteReader(inPieces(others)), lz4Magic, new PartLimit())) frames++;
  return frames;
}

test("frames that are skipped count too", async () => {
  const skipped = Buffer.from("502a4d1800000000", "hex");
  const file = inPieces(Buffer.alloc(skipped.length * (2 ** 18 + 1), skipped));
  await expect(nextMagic(new ByteReader(file), new PartLimit())).rejects.toMatchObject({
    code: "invalid-archive",
    message: "it has more than 262144 compressed frames",
  });
});

test("blocks of a few bytes are refused when there are very many, and larger ones are not", () => {
  const limit = new PartLimit();
  for (let count = 0; count < 2 ** 19; count++) limit.addBlock(0);
  expect(() => limit.addBlock(1)).toThrow("it has more than 524288 compressed blocks");
  const larger = new PartLimit();
  for (let count = 0; count < 2 ** 20; count++) larger.addBlock(512);
});

test("as many frames as the largest archive has are read", async () => {
  expect(await countFrames(204_800)).toBe(204_800);
});

test("a file with more frames than any archive has is refused, before they take hours", async () => {
  await expect(countFrames(2 ** 18 + 2)).rejects.toMatchObject({
    code: "invalid-archive",
    message: "it has more than 262144 compressed frames",
  });
});
