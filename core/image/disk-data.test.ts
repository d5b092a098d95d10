import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { allocatedExtents, dataExtents, readExtents } from "./disk-data.ts";
import {
  mebibyte,
  sampleBytes,
  shell,
  temporaryFolder,
  writeImage,
  writeSparseFile,
} from "./test-fixtures.ts";

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
  const allocated = await allocatedExtents(folder.path, mebibyte + 100);
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
  const extents = await dataExtents(disk, await allocatedExtents(folder.path, mebibyte + 100));
  expect([...extents]).toEqual([{ start: mebibyte, length: 100 }]);
});

test("what extents hold is read, also where they are longer than one read", async () => {
  await using folder = await temporaryFolder();
  await writeImage(folder.path);
  const content = await readFile(join(folder.path, "disk.img"));
  await using disk = await open(join(folder.path, "disk.img"));
  const copy = Buffer.alloc(content.length);
  for await (const { position, bytes } of readExtents(
    disk,
    await allocatedExtents(folder.path, content.length),
  )) {
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

test("a disk whose map can't be had is looked at everywhere", async () => {
  await using folder = await temporaryFolder();
  await writeImage(folder.path);
  // Stands in for a qemu-img whose map is longer than we take in.
  const script = '#!/bin/sh\\n[ "$1" != map ]\\n';
  shell(`mkdir bin; printf '${script}' > bin/qemu-img; chmod +x bin/qemu-img`, folder.path);
  const path = process.env.PATH;
  process.env.PATH = `${join(folder.path, "bin")}:${path}`;
  try {
    expect([...(await allocatedExtents(folder.path, mebibyte))]).toEqual([{ start: 0, length: mebibyte }]);
  } finally {
    process.env.PATH = path;
  }
});
