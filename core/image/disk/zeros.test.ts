import fc from "fast-check";
import { expect, test } from "vitest";
import { blockSize, isZero, withoutZeroBlocks } from "./zeros.ts";

/** A place in a block, often at one of its ends. */
const place = fc.oneof(fc.nat(blockSize - 1), fc.constantFrom(0, 1, blockSize - 1));

/** A file of blocks, each without data or with a byte of it somewhere. */
const file = fc.array(fc.option(place), { minLength: 1, maxLength: 12 }).map((places) => {
  const bytes = Buffer.alloc(places.length * blockSize);
  for (const [block, place] of places.entries()) if (place !== null) bytes[block * blockSize + place] = 1;
  return bytes;
});

test("all but blocks of zeros is left, wherever a file is cut into pieces", () => {
  fc.assert(
    fc.property(file, fc.array(fc.tuple(fc.nat(11), place)), (bytes, places) => {
      const cuts = places.map(([block, at]) => block * blockSize + at);
      const copy = Buffer.alloc(bytes.length);
      const borders = [0, ...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length];
      for (const [index, position] of borders.slice(0, -1).entries()) {
        const piece = { position, bytes: bytes.subarray(position, borders[index + 1]) };
        for (const left of withoutZeroBlocks(piece)) {
          copy.set(left.bytes, left.position);
          const firstBlock = Math.ceil(left.position / blockSize) * blockSize;
          const end = left.position + left.bytes.length;
          for (let at = firstBlock; at + blockSize <= end; at += blockSize) {
            expect(isZero(bytes, at, at + blockSize)).toBe(false);
          }
        }
      }
      expect(copy.equals(bytes)).toBe(true);
    }),
  );
});

test("blocks with data that follow each other are left in one", () => {
  const bytes = Buffer.alloc(5 * blockSize);
  bytes[blockSize] = 1;
  bytes[3 * blockSize - 1] = 1;
  const left = [...withoutZeroBlocks({ position: blockSize, bytes })];
  expect(left).toEqual([{ position: 2 * blockSize, bytes: bytes.subarray(blockSize, 3 * blockSize) }]);
});
