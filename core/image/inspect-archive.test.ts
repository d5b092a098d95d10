import { mkdir, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { inspectArchive } from "./inspect-archive.ts";
import { packArchive } from "./pack-archive.ts";
import { layerBytes, mebibyte, sampleDisk, temporaryFolder, writeImage } from "./test-fixtures.ts";

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
