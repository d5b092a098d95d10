import { mkdir, readdir, readFile, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ArchiveFormat } from "../../../shared/library/image-archive.ts";
import { digestFile } from "../../files/digest.ts";
import { PartialFile } from "../../files/writing/partial-file.ts";
import { temporaryPath } from "../../files/writing/temporary-names.ts";
import {
  mebibyte,
  sampleDisk,
  shell,
  temporaryFolder,
  writeImage,
  writeSparseFile,
} from "../test-fixtures.ts";
import { extractArchive } from "./extract-archive.ts";
import { packArchive } from "./pack-archive.ts";

const formats = [
  { format: "lz4", name: "a.tar.lz4" },
  { format: "zstd", name: "a.tar.zst" },
] as const satisfies { format: ArchiveFormat; name: string }[];

/** A folder with an image in `image`. */
async function imageFolder(): ReturnType<typeof temporaryFolder> {
  const folder = await temporaryFolder();
  await mkdir(join(folder.path, "image"));
  await writeImage(join(folder.path, "image"));
  return folder;
}

test.each(formats)("GNU tar and $format extract what we pack, holes and all", async ({ format, name }) => {
  await using folder = await imageFolder();
  const target = join(folder.path, name);
  const packed = await packArchive({ folder: join(folder.path, "image"), target });
  expect(packed).toEqual({
    path: target,
    format,
    size: (await stat(target)).size,
    digest: await digestFile(target),
  });

  const listing = shell(
    `${format} -dc ${name} | tar -tf -; mkdir out; ${format} -dc ${name} | tar -xf - -C out 2>&1`,
    folder.path,
  );
  expect(listing.toString()).toBe("machine.json\nlayer.qcow2\ndisk.img\n");
  shell("cmp image/disk.img out/disk.img; cd out; qemu-img check -q layer.qcow2", folder.path);
  expect((await stat(join(folder.path, "out/disk.img"))).blocks * 512).toBe(4096 + mebibyte + 8192 + 4096);
  expect(JSON.parse(await readFile(join(folder.path, "out/machine.json"), "utf8"))).toMatchObject({
    version: 1,
    memory: 512,
    network: "e1000",
  });
});

test.each(formats)(
  "the same content gives the same bytes in $format, however it is kept",
  async ({ name }) => {
    await using folder = await imageFolder();
    const first = await packArchive({ folder: join(folder.path, "image"), target: join(folder.path, name) });
    shell(
      "cp -r --sparse=never image other; echo >> other/machine.json; echo junk > other/layer.qcow2",
      folder.path,
    );
    await utimes(join(folder.path, "other/disk.img"), 0, 0);
    const second = await packArchive({
      folder: join(folder.path, "other"),
      target: join(folder.path, `b.${name}`),
    });
    expect(second.digest).toBe(first.digest);
  },
);

test("of a folder with more, such as the memory of a guest, only the image is packed", async () => {
  await using folder = await imageFolder();
  for (const name of ["memory", "checkpoint-1.memory", "state"])
    await writeFile(join(folder.path, "image", name), "the memory of a guest");
  await packArchive({ folder: join(folder.path, "image"), target: join(folder.path, "a.tar.lz4") });
  const listing = shell("lz4 -dc a.tar.lz4 | tar -tf -", folder.path).toString();
  expect(listing).toBe("machine.json\nlayer.qcow2\ndisk.img\n");
});

test("an old definition is packed as a new one", async () => {
  await using folder = await imageFolder();
  const old = {
    uuid: "52bab607-10f1-4049-a0f8-ee4725cb715b",
    network: { device: "e1000", mac: "aa:54:1a:30:5c:de" },
  };
  await writeFile(
    join(folder.path, "image/machine.json"),
    JSON.stringify({ ...old, keyboard: { layout: "de" } }),
  );
  await packArchive({ folder: join(folder.path, "image"), target: join(folder.path, "a.tar.lz4") });
  const { machine } = await extractArchive({
    archive: join(folder.path, "a.tar.lz4"),
    folder: join(folder.path, "out"),
  });
  expect(machine).toMatchObject({ version: 1, keyboardLayout: "de", graphics: "vmware-svga" });
});

test("a disk of 40 GiB with little on it is packed and extracted in no time", async () => {
  await using folder = await imageFolder();
  const end = 40 * 1024 ** 3;
  await writeSparseFile(join(folder.path, "image/disk.img"), end, { [end - 4096]: sampleDisk.data[0] });
  await packArchive({ folder: join(folder.path, "image"), target: join(folder.path, "a.tar.zst") });
  await extractArchive({ archive: join(folder.path, "a.tar.zst"), folder: join(folder.path, "out") });
  expect(await stat(join(folder.path, "out/disk.img"))).toMatchObject({ size: end, blocks: 8 });
});

test("progress runs from the first to the last byte", async () => {
  await using folder = await imageFolder();
  const calls: (readonly [done: number, total: number])[] = [];
  await packArchive({
    folder: join(folder.path, "image"),
    target: join(folder.path, "a.tar.lz4"),
    onProgress: (...call) => calls.push(call),
  });
  const [, total = 0] = calls[0] ?? [];
  expect(calls.map(([done]) => done)).toEqual(calls.map(([done]) => done).sort((a, b) => a - b));
  expect(calls.at(-1)).toEqual([total, total]);
});

test("a new archive replaces an old one", async () => {
  await using folder = await imageFolder();
  const target = join(folder.path, "a.tar.lz4");
  await writeFile(target, "old");
  const { digest } = await packArchive({ folder: join(folder.path, "image"), target });
  expect(await digestFile(target)).toBe(digest);
});

test.each([
  { title: "while the disk is looked at", fraction: 0.1 },
  { title: "while it is written", fraction: 0.5 },
  { title: "while it is read back", fraction: 0.9 },
])("an interruption $title leaves the old archive whole, and nothing else", async ({ fraction }) => {
  await using folder = await imageFolder();
  const target = join(folder.path, "a.tar.lz4");
  await writeFile(target, "old");
  const interruption = new AbortController();
  const packing = packArchive({
    folder: join(folder.path, "image"),
    target,
    signal: interruption.signal,
    onProgress: (done, total) => done >= fraction * total && interruption.abort(),
  });
  await expect(packing).rejects.toMatchObject({
    code: "interrupted",
    message: `packing ${target} was interrupted`,
  });
  expect(await readFile(target, "utf8")).toBe("old");
  expect((await readdir(folder.path)).sort()).toEqual(["a.tar.lz4", "image"]);
});

test("a disk that changes meanwhile is not packed", async () => {
  await using folder = await imageFolder();
  const target = join(folder.path, "a.tar.lz4");
  const disk = join(folder.path, "image/disk.img");
  const packing = packArchive({
    folder: join(folder.path, "image"),
    target,
    onProgress: (done, total) => done === total && shell(`touch ${disk}`, folder.path),
  });
  await expect(packing).rejects.toMatchObject({
    code: "busy",
    message: "disk.img changed while it was packed",
  });
  expect(await readdir(folder.path)).toEqual(["image"]);
});

test("two can't pack to one name at once", async () => {
  await using folder = await imageFolder();
  const target = join(folder.path, "a.tar.lz4");
  const other = await PartialFile.create(target);
  await expect(packArchive({ folder: join(folder.path, "image"), target })).rejects.toMatchObject({
    code: "busy",
    message: `another process is writing ${target}`,
  });
  await other.write(Buffer.from("the other's"), 0);
  await other.commit();
  await other[Symbol.asyncDispose]();
  expect(await readFile(target, "utf8")).toBe("the other's");
});

test("what a killed process has left of an archive is in nobody's way", async () => {
  await using folder = await imageFolder();
  const target = join(folder.path, "a.tar.lz4");
  await writeFile(temporaryPath(target), Buffer.alloc(1_000_000, "x"));
  const { size } = await packArchive({ folder: join(folder.path, "image"), target });
  expect((await stat(target)).size).toBe(size);
  expect((await readdir(folder.path)).sort()).toEqual(["a.tar.lz4", "image"]);
});

test.each([
  { title: "another name", image: "image", name: "a.tar.gz", code: "usage" },
  { title: "an image that is not there", image: "nowhere", name: "a.tar.lz4", code: "missing-file" },
  { title: "a target in no folder", image: "image", name: "nowhere/a.tar.lz4", code: "missing-file" },
])("$title is refused, and nothing is left", async ({ image, name, code }) => {
  await using folder = await imageFolder();
  const packing = packArchive({ folder: join(folder.path, image), target: join(folder.path, name) });
  await expect(packing).rejects.toMatchObject({ code });
  expect(await readdir(folder.path)).toEqual(["image"]);
});

test.each([
  ["a definition that is not valid", "echo '{}' > machine.json", { code: "invalid-machine" }],
  ["a definition over 1 MiB", "truncate -s 1048577 machine.json", { code: "invalid-machine" }],
  ["an empty disk", "truncate -s 0 disk.img", { code: "usage" }],
  ["a disk of 50 GiB", "truncate -s 50G disk.img", { code: "usage" }],
])("an image with %s is refused, and nothing is left", async (_title, script, error) => {
  await using folder = await imageFolder();
  shell(script, join(folder.path, "image"));
  const packing = packArchive({ folder: join(folder.path, "image"), target: join(folder.path, "a.tar.lz4") });
  await expect(packing).rejects.toMatchObject(error);
  expect(await readdir(folder.path)).toEqual(["image"]);
});
