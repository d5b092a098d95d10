import { mkdir, open, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { layerBytes, sampleBytes, shell, temporaryFolder, writeSparseFile } from "../test-fixtures.ts";
import { extractArchive } from "./extract-archive.ts";

const gibibyte = 1024 ** 3;
const data = sampleBytes(8192);

/** Makes an image whose disk has `data` at some positions. */
async function writeDisk(image: string, size: number, positions: readonly number[]): Promise<void> {
  await mkdir(image);
  const pieces = Object.fromEntries(positions.map((position) => [position, data]));
  await writeSparseFile(join(image, "disk.img"), size, pieces);
  await writeFile(join(image, "layer.qcow2"), await layerBytes(size));
  await writeFile(join(image, "machine.json"), '{"version": 1}');
}

/** The limit of the data's size on the host, with the file system's own metadata. Bytes. */
const roomOfData = 128 * 1024;

/** Expects a disk with `data` at some positions, and holes wherever else. */
async function expectDisk(path: string, size: number, positions: readonly number[]): Promise<void> {
  const status = await stat(path);
  expect(status.size).toBe(size);
  expect(status.blocks * 512).toBeLessThan(roomOfData);
  await using disk = await open(path);
  for (const position of positions) {
    const { buffer } = await disk.read(Buffer.alloc(data.length), 0, data.length, position);
    expect(buffer.equals(data)).toBe(true);
  }
}

// Octal digits of a tar header hold 8 GiB at most: beyond, each format has a way of its own.
test.each([
  { format: "--format=gnu" },
  { format: "--format=posix --sparse-version=0.0" },
  { format: "--format=posix --sparse-version=0.1" },
  { format: "--format=posix --sparse-version=1.0" },
])("a sparse disk of 49 GiB is read from what GNU tar makes with $format", async ({ format }) => {
  await using folder = await temporaryFolder();
  const size = 49 * gibibyte;
  const positions = [9 * gibibyte, size - data.length];
  await writeDisk(join(folder.path, "image"), size, positions);
  shell(`tar ${format} -S -cf - -C image . | lz4 -q > a.tar.lz4`, folder.path);

  const out = join(folder.path, "out");
  await extractArchive({ archive: join(folder.path, "a.tar.lz4"), folder: out });
  await expectDisk(join(out, "disk.img"), size, positions);
});

test("a gigabyte of zeros takes no room, though the archive is of a tar without -S", async () => {
  await using folder = await temporaryFolder();
  const positions = [0, gibibyte / 2 + 100, gibibyte - data.length];
  await writeDisk(join(folder.path, "image"), gibibyte, positions);
  shell("tar -cf - -C image . | zstd -q > a.tar.zst", folder.path);

  const out = join(folder.path, "out");
  await extractArchive({ archive: join(folder.path, "a.tar.zst"), folder: out });
  await expectDisk(join(out, "disk.img"), gibibyte, positions);
}, 30_000);
