import { expect, test } from "vitest";
import type { ByteSource } from "../file-systems/byte-source.ts";
import { sliceSource } from "../file-systems/byte-source.ts";
import { digestData } from "./digest-source.ts";

const mebibyte = 1024 * 1024;

/** A disk of zeros with one other byte, which counts the bytes that are read of it. */
function diskWith(place: number, { size = 100 * mebibyte, knowsHoles = true } = {}) {
  const seen = { bytes: 0 };
  const source: ByteSource = {
    size,
    read: async (offset, length) => {
      const bytes = Buffer.alloc(Math.min(length, size - offset));
      if (place >= offset && place < offset + bytes.length) bytes[place - offset] = 1;
      seen.bytes += bytes.length;
      return bytes;
    },
    ...(knowsHoles && {
      nextData: async (offset: number) => (offset <= place ? Math.max(offset, place) : size),
    }),
  };
  return { source, seen };
}

test("holes of a disk are not read, however large it is", async () => {
  const { source, seen } = diskWith(5 * mebibyte + 7, { size: 2 ** 42 });
  await digestData(sliceSource(source, mebibyte, 2 ** 41));
  expect(seen.bytes).toBe(mebibyte);
});

test("the digest of a disk does not depend on how its zeros are stored", async () => {
  const [sparse, full] = [true, false].map((knowsHoles) => diskWith(7 * mebibyte, { knowsHoles }).source);
  expect(await digestData(sparse as ByteSource)).toBe(await digestData(full as ByteSource));
});

test("disks that differ in a byte, in its place or in their sizes have different digests", async () => {
  const disks = [
    diskWith(7 * mebibyte),
    diskWith(7 * mebibyte + 1),
    diskWith(8 * mebibyte),
    diskWith(-1),
    diskWith(7 * mebibyte, { size: 101 * mebibyte }),
  ];
  const digests = await Promise.all(disks.map(({ source }) => digestData(source)));
  expect(new Set(digests).size).toBe(disks.length);
});
