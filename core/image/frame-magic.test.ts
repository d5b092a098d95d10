import { expect, test } from "vitest";
import { ByteReader } from "./byte-reader.ts";
import { eachFrame, lz4Magic } from "./frame-magic.ts";
import { inPieces } from "./test-fixtures.ts";

/** Goes through frames that have nothing but their magic number. */
async function countFrames(count: number): Promise<number> {
  const magic = Buffer.alloc(4);
  magic.writeUInt32LE(lz4Magic);
  const others = Buffer.alloc((count - 1) * magic.length, magic);
  let frames = 0;
  for await (const _ of eachFrame(new ByteReader(inPieces(others)), lz4Magic)) frames++;
  return frames;
}

test("as many frames as the largest archive has are read", async () => {
  expect(await countFrames(204_800)).toBe(204_800);
});

test("a file with more frames than any archive has is refused, before they take hours", async () => {
  await expect(countFrames(2 ** 18 + 1)).rejects.toMatchObject({
    code: "invalid-archive",
    message: "it has more than 262144 compressed frames",
  });
});
