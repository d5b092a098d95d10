import { stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ExtentList } from "../disk/extents.ts";
import { sampleBytes, shell, temporaryFolder } from "../test-fixtures.ts";
import { fileHeader, sparseFileHeader, tarEnd } from "./sparse-tar-writer.ts";

const gibibyte = 1024 ** 3;

/** A tar archive of one sparse file that has some blocks of 4 KiB, each filled with the same bytes. */
function sparseTar(size: number, starts: readonly number[], block: Buffer): Buffer {
  const extents = new ExtentList();
  for (const start of starts) extents.add(start, block.length);
  return Buffer.concat([...sparseFileHeader("disk.img", size, extents), ...starts.map(() => block), tarEnd]);
}

test.each([
  { title: "one extent", starts: [8192] },
  { title: "no extent at all", starts: [] },
  { title: "as many extents as the header holds", starts: [0, 8192, 16_384, 24_576] },
  {
    title: "so many extents that the map goes on in other blocks",
    starts: Array.from({ length: 60 }, (_, i) => i * 8192),
  },
])("GNU tar extracts a sparse file with $title, holes and all", async ({ starts }) => {
  await using folder = await temporaryFolder();
  const size = 64 * 8192;
  const block = sampleBytes(4096);
  await writeFile(join(folder.path, "a.tar"), sparseTar(size, starts, block));
  shell("tar xf a.tar", folder.path);

  const expected = Buffer.alloc(size);
  for (const start of starts) block.copy(expected, start);
  await writeFile(join(folder.path, "expected"), expected);
  shell("cmp disk.img expected", folder.path);
  expect((await stat(join(folder.path, "disk.img"))).blocks).toBe((starts.length * 4096) / 512);
});

test("a file that ends with data in the middle of a block keeps its size", async () => {
  await using folder = await temporaryFolder();
  const extents = new ExtentList();
  extents.add(4096, 100);
  const tar = [...sparseFileHeader("disk.img", 4196, extents), Buffer.alloc(512, "x"), tarEnd];
  await writeFile(join(folder.path, "a.tar"), Buffer.concat(tar));
  shell("tar xf a.tar", folder.path);
  expect((await stat(join(folder.path, "disk.img"))).size).toBe(4196);
});

test("GNU tar reads sizes and positions from 8 GiB on", async () => {
  await using folder = await temporaryFolder();
  await writeFile(join(folder.path, "a.tar"), sparseTar(40 * gibibyte, [9 * gibibyte], sampleBytes(4096)));
  shell("tar xf a.tar", folder.path);
  expect(await stat(join(folder.path, "disk.img"))).toMatchObject({ size: 40 * gibibyte, blocks: 8 });
  expect(shell(`dd if=disk.img bs=4096 skip=${(9 * gibibyte) / 4096} count=1`, folder.path)).toEqual(
    sampleBytes(4096),
  );
});

test("owner, mode and time are always the same, and GNU tar has no complaint about them", async () => {
  await using folder = await temporaryFolder();
  await writeFile(join(folder.path, "a.tar"), Buffer.concat([fileHeader("machine.json", 0), tarEnd]));
  const listing = shell(
    "TZ=UTC tar --numeric-owner -tvf a.tar 2>&1; tar xf a.tar 2>&1",
    folder.path,
  ).toString();
  expect(listing).toBe("-rw-r--r-- 0/0               0 1980-01-01 00:00 machine.json\n");
});
