import { mkdir, open, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { extractArchive } from "./extract-archive.ts";
import { layerBytes, sampleBytes, shell, temporaryFolder, writeSparseFile } from "./test-fixtures.ts";

const gibibyte = 1024 ** 3;
const data = sampleBytes(8192);

// Octal digits of a tar header hold 8 GiB at most: beyond, each format has a way of its own.
test.each([
  { format: "--format=gnu" },
  { format: "--format=posix --sparse-version=0.0" },
  { format: "--format=posix --sparse-version=0.1" },
  { format: "--format=posix --sparse-version=1.0" },
])("a sparse disk of 49 GiB is read from what GNU tar makes with $format", async ({ format }) => {
  await using folder = await temporaryFolder();
  const image = join(folder.path, "image");
  await mkdir(image);
  const size = 49 * gibibyte;
  const positions = [9 * gibibyte, size - data.length];
  await writeSparseFile(
    join(image, "disk.img"),
    size,
    Object.fromEntries(positions.map((position) => [position, data])),
  );
  await writeFile(join(image, "layer.qcow2"), await layerBytes(size));
  await writeFile(join(image, "machine.json"), '{"version": 1}');
  shell(`tar ${format} -S -cf - -C image . | lz4 -q > a.tar.lz4`, folder.path);

  const out = join(folder.path, "out");
  await extractArchive({ archive: join(folder.path, "a.tar.lz4"), folder: out });
  expect(await stat(join(out, "disk.img"))).toMatchObject({ size, blocks: (2 * data.length) / 512 });
  await using disk = await open(join(out, "disk.img"));
  for (const position of positions) {
    const { buffer } = await disk.read(Buffer.alloc(data.length), 0, data.length, position);
    expect(buffer.equals(data)).toBe(true);
  }
});

test.each([
  { compression: "lz4 -q", name: "a.tar.lz4" },
  { compression: "zstd -q", name: "a.tar.zst" },
])(
  "a disk of zeros takes no room, though $compression made an archive without holes of it",
  async ({ compression, name }) => {
    await using folder = await temporaryFolder();
    const image = join(folder.path, "image");
    await mkdir(image);
    await writeSparseFile(join(image, "disk.img"), gibibyte, {
      0: data,
      [gibibyte / 2 + 100]: data,
      [gibibyte - 1]: Buffer.from("x"),
    });
    await writeFile(join(image, "layer.qcow2"), await layerBytes(gibibyte));
    await writeFile(join(image, "machine.json"), '{"version": 1}');
    shell(`tar -cf - -C image . | ${compression} > ${name}`, folder.path);

    await extractArchive({ archive: join(folder.path, name), folder: join(folder.path, "out") });
    // Two blocks; three, since the data begins in the middle of one; and one.
    expect(await stat(join(folder.path, "out/disk.img"))).toMatchObject({
      size: gibibyte,
      blocks: ((2 + 3 + 1) * 4096) / 512,
    });
    shell("cmp image/disk.img out/disk.img", folder.path);
  },
);
