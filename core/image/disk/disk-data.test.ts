import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  mebibyte,
  sampleBytes,
  shell,
  temporaryFolder,
  writeImage,
  writeSparseFile,
} from "../test-fixtures.ts";
import { allocatedExtents, dataExtents, readExtents } from "./disk-data.ts";
import type { Seek } from "./seek-data.ts";

const block = 4096;

test("blocks of zeros are left out, however the file system keeps them", async () => {
  await using folder = await temporaryFolder();
  const data = {
    0: sampleBytes(1),
    [10 * block]: sampleBytes(3 * block),
    [20 * block + 5]: sampleBytes(block),
  };
  await writeSparseFile(join(folder.path, "disk.img"), mebibyte + 100, data);
  shell("cp --sparse=never disk.img full.img; mv full.img disk.img", folder.path);

  await using disk = await open(join(folder.path, "disk.img"));
  const allocated = await allocatedExtents(disk, mebibyte + 100);
  expect(allocated.dataSize).toBe(mebibyte + 100);
  expect([...(await dataExtents(disk, allocated))]).toEqual([
    { start: 0, length: block },
    { start: 10 * block, length: 3 * block },
    { start: 20 * block, length: 2 * block },
  ]);
});

test("data at the end of a disk is found, though it does not fill a block", async () => {
  await using folder = await temporaryFolder();
  await writeSparseFile(join(folder.path, "disk.img"), mebibyte + 100, { [mebibyte + 99]: Buffer.from("x") });
  await using disk = await open(join(folder.path, "disk.img"));
  const extents = await dataExtents(disk, await allocatedExtents(disk, mebibyte + 100));
  expect([...extents]).toEqual([{ start: mebibyte, length: 100 }]);
});

test("what extents hold is read, also where they are longer than one read", async () => {
  await using folder = await temporaryFolder();
  await writeImage(folder.path);
  const content = await readFile(join(folder.path, "disk.img"));
  await using disk = await open(join(folder.path, "disk.img"));
  const copy = Buffer.alloc(content.length);
  for await (const { position, bytes } of readExtents(disk, await allocatedExtents(disk, content.length))) {
    copy.set(bytes, position);
  }
  expect(copy.equals(content)).toBe(true);
});

test("a disk with more runs of data than readers take gets some zeros between them", async () => {
  await using folder = await temporaryFolder();
  await writeSparseFile(join(folder.path, "disk.img"), 17 * block, {
    0: sampleBytes(1),
    [2 * block]: sampleBytes(1),
    [5 * block]: sampleBytes(1),
    [16 * block]: sampleBytes(1),
  });
  await using disk = await open(join(folder.path, "disk.img"));
  const extents = await dataExtents(disk, [{ start: 0, length: 17 * block }], { maximum: 2 });
  expect([...extents]).toEqual([
    { start: 0, length: 6 * block },
    { start: 16 * block, length: block },
  ]);
});

test.each<[string, Seek]>([
  ["has holes only", () => undefined],
  ["has data in its first block only", (kind, offset) => (kind === "hole" ? block : offset || undefined)],
  ["has data that ends before it begins", (kind, offset) => (kind === "hole" ? 0 : offset)],
  ["goes back", (kind, offset) => (kind === "hole" ? offset + block : Math.max(0, offset - 2 * block))],
  [
    "can't be told",
    () => {
      throw new Error("EINVAL");
    },
  ],
])("a disk of which the system says that it %s is read in full", async (_, seek) => {
  await using folder = await temporaryFolder();
  await writeImage(folder.path);
  await using disk = await open(join(folder.path, "disk.img"));
  const { size } = await disk.stat();
  expect([...(await allocatedExtents(disk, size, { seek }))]).toEqual([{ start: 0, length: size }]);
});

test("data past the end of a disk does not count", async () => {
  await using folder = await temporaryFolder();
  await writeSparseFile(join(folder.path, "disk.img"), mebibyte, {});
  await using disk = await open(join(folder.path, "disk.img"));
  const seek: Seek = (kind, offset) => (kind === "hole" ? 4 * mebibyte : Math.max(offset, mebibyte - block));
  expect([...(await allocatedExtents(disk, mebibyte, { seek }))]).toEqual([
    { start: mebibyte - block, length: block },
  ]);
});

test("a disk with nothing but a hole has no data, and a disk of no bytes neither", async () => {
  await using folder = await temporaryFolder();
  for (const size of [mebibyte, 0]) {
    await writeSparseFile(join(folder.path, "disk.img"), size, {});
    await using disk = await open(join(folder.path, "disk.img"));
    expect([...(await allocatedExtents(disk, size))]).toEqual([]);
  }
});
