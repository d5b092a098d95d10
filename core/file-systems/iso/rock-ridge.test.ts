import { expect, test } from "vitest";
import { sourceOfBytes } from "../test-source.ts";
import { readRockRidge } from "./rock-ridge.ts";

/** An entry of the system use area, with fields of 32 bits in both orders. */
function entry(signature: string, ...fields: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 + 8 * fields.length);
  bytes.write(signature, "latin1");
  bytes[2] = bytes.length;
  bytes[3] = 1;
  for (const [index, field] of fields.entries()) {
    bytes.writeUInt32LE(field, 4 + 8 * index);
    bytes.writeUInt32BE(field, 8 + 8 * index);
  }
  return bytes;
}

function read(systemUse: Buffer, image = Buffer.alloc(0)) {
  const record = { sector: 0, size: 0, isFolder: false, isContinued: false, recorded: undefined };
  return readRockRidge(sourceOfBytes(image), { ...record, name: Buffer.alloc(0), systemUse }, 0);
}

test.each([
  ["as one number", 0, (4 << 8) | 64, 4, 64],
  ["as one number of Linux, with a large minor number", 0, 0x1200_0845, 8, 0x1_2045],
  ["in two parts", 4, 64, 4, 64],
  ["with the major number 0", 0, 3, 0, 3],
])("the number of a device is read %s", async (_name, high, low, major, minor) => {
  expect((await read(entry("PN", high, low))).device).toEqual({ major, minor });
});

test("a chain of areas that leads back to itself ends", async () => {
  const image = Buffer.alloc(2048);
  const more = entry("CE", 0, 0, 28);
  more.copy(image);
  let reads = 0;
  const source = {
    read: async (offset: number, length: number) => {
      reads++;
      return image.subarray(offset, offset + length);
    },
  };
  const record = { sector: 0, size: 0, isFolder: false, isContinued: false, recorded: undefined };
  await readRockRidge(source, { ...record, name: Buffer.alloc(0), systemUse: more }, 0);
  expect(reads).toBe(16);
});

test("an owner and a mode without a serial number are read", async () => {
  expect(await read(entry("PX", 0o100644, 2, 1000, 100))).toEqual({
    mode: 0o100644,
    links: 2,
    uid: 1000,
    gid: 100,
  });
});
