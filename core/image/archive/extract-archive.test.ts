import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { layerBytes, mebibyte, sampleDisk, shell, temporaryFolder, writeImage } from "../test-fixtures.ts";
import { extractArchive } from "./extract-archive.ts";
import { inspectArchive } from "./inspect-archive.ts";
import { packArchive } from "./pack-archive.ts";
import { good, machineText } from "./test-archive.ts";

test.each([
  { tar: "--format=gnu -S", compression: "lz4 -q -5", name: "a.tar.lz4" },
  { tar: "--format=gnu", compression: "lz4 -q -BD -9", name: "a.tar.lz4" },
  { tar: "--format=gnu -b 2048", compression: "zstd -q", name: "a.tar.zst" },
  { tar: "--format=posix -S --sparse-version=0.0", compression: "lz4 -q --no-frame-crc", name: "a.tar.lz4" },
  { tar: "--format=posix -S --sparse-version=0.1", compression: "zstd -q", name: "a.tar.zst" },
  { tar: "--format=posix -S --sparse-version=1.0", compression: "zstd -q", name: "misnamed.tar.lz4" },
])("what tar $tar and $compression packed is extracted", async ({ tar, compression, name }) => {
  await using folder = await temporaryFolder();
  await mkdir(join(folder.path, "image"));
  await writeImage(join(folder.path, "image"));
  await writeFile(join(folder.path, "image/machine.json"), machineText);
  await writeFile(join(folder.path, "image/layer.qcow2"), await layerBytes(sampleDisk.size));
  shell(`tar ${tar} -cf - -C image . | ${compression} > ${name}`, folder.path);

  const archive = join(folder.path, name);
  const image = await extractArchive({ archive, folder: join(folder.path, "out") });
  shell("diff -r image out", folder.path);
  expect(await readFile(join(folder.path, "out/machine.json"), "utf8")).toBe(machineText);
  const { blocks } = await stat(join(folder.path, "out/disk.img"));
  expect(blocks * 512).toBeLessThan(2 * mebibyte);
  expect(image).toEqual(await inspectArchive({ archive }));
});

test.each([
  ["lz4 -q", true],
  ["lz4 -q -BX --no-frame-crc", true],
  ["lz4 -q --no-frame-crc", false],
  ["zstd -q", true],
  ["zstd -q --no-check", false],
])(
  "an archive that %s compressed is taken; a note says so when it has no checksums",
  async (program, has) => {
    await using folder = await temporaryFolder();
    await mkdir(join(folder.path, "image"));
    await writeImage(join(folder.path, "image"));
    await writeFile(join(folder.path, "image/layer.qcow2"), await layerBytes(sampleDisk.size));
    shell(`tar -cf - -C image machine.json layer.qcow2 disk.img | ${program} > a.tar`, folder.path);
    const archive = join(folder.path, "a.tar");
    const notes: string[] = [];
    const onNote = (text: string) => notes.push(text);
    await extractArchive({ archive, folder: join(folder.path, "out"), onNote });
    expect(notes).toEqual(
      has ? [] : [expect.stringContaining("has no checksums: damage to it can't be found")],
    );
    expect((await inspectArchive({ archive })).notes).toEqual(notes);
  },
);

test("an interruption leaves nothing", async () => {
  await using folder = await temporaryFolder();
  await mkdir(join(folder.path, "image"));
  await writeImage(join(folder.path, "image"));
  const archive = join(folder.path, "a.tar.lz4");
  await packArchive({ folder: join(folder.path, "image"), target: archive });
  const interruption = new AbortController();
  const extraction = extractArchive({
    archive,
    folder: join(folder.path, "new/out"),
    signal: interruption.signal,
    onProgress: () => interruption.abort(),
  });
  await expect(extraction).rejects.toMatchObject({ code: "interrupted" });
  expect((await readdir(folder.path)).sort()).toEqual(["a.tar.lz4", "image"]);
});

test("an archive of 50 GiB is refused for its size alone", async () => {
  await using folder = await temporaryFolder();
  shell("truncate -s 50G a.tar.lz4", folder.path);
  const extraction = extractArchive({
    archive: join(folder.path, "a.tar.lz4"),
    folder: join(folder.path, "out"),
  });
  await expect(extraction).rejects.toThrow("a.tar.lz4 is refused: it has 53687091200 bytes: 50 GiB or more");
});

test("without qemu-img nothing is begun", async () => {
  await using folder = await temporaryFolder();
  await writeFile(join(folder.path, "a.tar.lz4"), good);
  const path = process.env.PATH;
  process.env.PATH = folder.path;
  try {
    const extraction = extractArchive({
      archive: join(folder.path, "a.tar.lz4"),
      folder: join(folder.path, "out"),
    });
    await expect(extraction).rejects.toMatchObject({ code: "missing-tool" });
  } finally {
    process.env.PATH = path;
  }
  expect(await readdir(folder.path)).toEqual(["a.tar.lz4"]);
});

test("an archive that is not there is a missing file", async () => {
  await using folder = await temporaryFolder();
  const extraction = extractArchive({
    archive: join(folder.path, "a.tar.lz4"),
    folder: join(folder.path, "out"),
  });
  await expect(extraction).rejects.toMatchObject({ code: "missing-file" });
  expect(await readdir(folder.path)).toEqual([]);
});
