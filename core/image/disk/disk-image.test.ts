import { readFile, stat, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { mebibyte, shell, temporaryFolder, writeSparseFile } from "../test-fixtures.ts";
import { checkImages, createDisk, createLayer } from "./disk-image.ts";

test("a new disk is one big hole", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "disk.img");
  await createDisk(path, 49);
  expect(await stat(path)).toMatchObject({ size: 49 * 1024 ** 3, blocks: 0 });
});

test.each([0, -1, 1.5, 50, Number.NaN])("a disk of %d GiB is a usage error", async (gibibytes) => {
  await using folder = await temporaryFolder();
  await expect(createDisk(join(folder.path, "disk.img"), gibibytes)).rejects.toMatchObject({ code: "usage" });
});

test("a disk that is there is not overwritten", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "disk.img");
  await createDisk(path, 1);
  await expect(createDisk(path, 2)).rejects.toMatchObject({ code: "EEXIST" });
});

test("a layer has the options that a task needs", async () => {
  await using folder = await temporaryFolder();
  await createLayer(join(folder.path, "layer.qcow2"), mebibyte);
  const info = JSON.parse(shell("qemu-img info --output=json -f qcow2 layer.qcow2", folder.path).toString());
  expect(info).toMatchObject({
    "virtual-size": mebibyte,
    "backing-filename": "disk.img",
    "backing-filename-format": "raw",
    "format-specific": { data: { "lazy-refcounts": true } },
  });
});

test("qemu-img is asked about a disk and its layer", async () => {
  await using folder = await temporaryFolder();
  await writeSparseFile(join(folder.path, "disk.img"), mebibyte, {});
  await createLayer(join(folder.path, "layer.qcow2"), mebibyte);
  await checkImages(folder.path);
});

test("qemu-img has little memory and processor time to be asked with", async () => {
  await using folder = await temporaryFolder();
  const program = '#!/bin/sh\necho "$(ulimit -d) $(ulimit -t)" >limits\necho not an image >&2\nexit 1\n';
  await writeFile(join(folder.path, "qemu-img"), program, { mode: 0o700 });
  vi.stubEnv("PATH", [folder.path, process.env.PATH].join(delimiter));
  onTestFinished(() => void vi.unstubAllEnvs());
  await expect(checkImages(folder.path)).rejects.toMatchObject({ code: "invalid-archive" });
  // KiB and seconds.
  expect(await readFile(join(folder.path, "limits"), "utf8")).toBe(`${1024 * 1024} 5\n`);
});

test("a layer that qemu-img does not accept is refused", async () => {
  await using folder = await temporaryFolder();
  await writeSparseFile(join(folder.path, "disk.img"), mebibyte, {});
  await createLayer(join(folder.path, "layer.qcow2"), mebibyte);
  // The size of the table of clusters: our own check does not look at it.
  shell("printf '\\377' | dd of=layer.qcow2 bs=1 seek=36 conv=notrunc status=none", folder.path);
  await expect(checkImages(folder.path)).rejects.toMatchObject({
    code: "invalid-archive",
    message: expect.stringContaining("layer.qcow2: qemu-img does not accept it as qcow2: "),
  });
});
