import { mkdir, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { layerBytes, mebibyte, sampleDisk, shell, temporaryFolder, writeImage } from "../test-fixtures.ts";
import { inspectArchive } from "./inspect-archive.ts";
import { packArchive } from "./pack-archive.ts";

test.each(["a.tar.lz4", "a.tar.zst"])("%s is looked into without being extracted", async (name) => {
  await using folder = await temporaryFolder();
  await mkdir(join(folder.path, "image"));
  await writeImage(join(folder.path, "image"));
  const archive = join(folder.path, name);
  const { digest, format } = await packArchive({ folder: join(folder.path, "image"), target: archive });

  const { size } = await stat(archive);
  const layerSize = (await layerBytes(sampleDisk.size)).length;
  const calls: (readonly [done: number, total: number])[] = [];
  const image = await inspectArchive({ archive, onProgress: (...call) => calls.push(call) });
  expect(image).toEqual({
    format,
    size,
    digest,
    entries: [
      { name: "machine.json", size: expect.any(Number), dataSize: expect.any(Number) },
      { name: "layer.qcow2", size: layerSize, dataSize: layerSize },
      { name: "disk.img", size: sampleDisk.size, dataSize: 4096 + mebibyte + 8192 + 4096 },
    ],
    machine: expect.objectContaining({ version: 1, memory: 512 }),
    notes: [],
  });
  expect(calls.at(-1)).toEqual([size, size]);
  expect((await readdir(folder.path)).sort()).toEqual([name, "image"]);
});

test("an inspection can be interrupted", async () => {
  await using folder = await temporaryFolder();
  await mkdir(join(folder.path, "image"));
  await writeImage(join(folder.path, "image"));
  const archive = join(folder.path, "a.tar.lz4");
  await packArchive({ folder: join(folder.path, "image"), target: archive });
  await expect(inspectArchive({ archive, signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: "interrupted",
  });
});

test.each([
  ["gnu", "machine.json layer.qcow2 disk.img"],
  ["v7", "machine.json layer.qcow2 disk.img"],
  ["v7", "."],
])(
  "an archive that tar made with --format=%s of %s is read, and what workers refuse is said",
  async (format, names) => {
    await using folder = await temporaryFolder();
    const image = join(folder.path, "image");
    await mkdir(image);
    await writeImage(image);
    await writeFile(join(image, "layer.qcow2"), await layerBytes(sampleDisk.size));
    shell(`tar --format=${format} -cf - ${names} | lz4 -q > ../a.tar.lz4`, image);
    const { entries, notes } = await inspectArchive({ archive: join(folder.path, "a.tar.lz4") });
    expect(entries.map(({ name }) => name).sort()).toEqual(["disk.img", "layer.qcow2", "machine.json"]);
    expect(notes).toEqual(
      names === "."
        ? [expect.stringMatching(/^Workers refuse this archive: it has "\.\/\w+\.\w+" where/)]
        : [],
    );
  },
);
