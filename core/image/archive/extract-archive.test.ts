import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { link, mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { expect, test, vi } from "vitest";
import { newExtractionFolder } from "../../files/writing/temporary-names.ts";
import { compress } from "../compression/compression.ts";
import {
  inPieces,
  layerBytes,
  mebibyte,
  rawEntry,
  rawTar,
  readAll,
  sampleBytes,
  sampleDisk,
  shell,
  temporaryFolder,
  writeImage,
  zeroBomb,
} from "../test-fixtures.ts";
import { extractArchive } from "./extract-archive.ts";
import { inspectArchive } from "./inspect-archive.ts";
import { packArchive } from "./pack-archive.ts";
import { PartialFolder } from "./partial-folder.ts";

const machineText = '{ "version" : 1,\n\n "memory": 512 }';

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

/** An archive, as it ends up in a file, of which one thing at a time is wrong. */
const disk = rawEntry({ name: "disk.img", content: sampleBytes(mebibyte) });
const layer = rawEntry({ name: "layer.qcow2", content: await layerBytes(mebibyte) });
const machine = rawEntry({ name: "machine.json", content: machineText });
const lz4 = async (...entries: Buffer[]) => await readAll(compress(inPieces(rawTar(...entries)), "lz4"));
const good = await lz4(disk, layer, machine);

async function extract(file: Buffer): Promise<{ readonly refusal: unknown; readonly left: string[] }> {
  await using folder = await temporaryFolder();
  const archive = join(folder.path, "a.tar.lz4");
  await writeFile(archive, file);
  const refusal = await extractArchive({ archive, folder: join(folder.path, "out") }).then(
    () => undefined,
    (error: unknown) => error,
  );
  return { refusal, left: await readdir(folder.path) };
}

test("the archive that the others are changed from is taken", async () => {
  expect(await extract(good)).toEqual({ refusal: undefined, left: ["a.tar.lz4", "out"] });
});

const sized = (size: bigint) => (header: Buffer) => {
  header.fill(0, 124, 136);
  header.writeUInt8(0x80, 124);
  header.writeBigUInt64BE(size, 128);
};
const hugeSize = sized(50n * 1024n ** 3n);
const almostHugeSize = sized(50n * 1024n ** 3n - 512n);
const outerFolder = rawEntry({ name: "./", type: "5" });
const bomb = Buffer.concat([
  await readAll(compress(inPieces(rawTar(disk, layer, machine)), "zstd")),
  zeroBomb(60 * 1024 ** 3),
]);
const smallLayer = rawEntry({ name: "layer.qcow2", content: await layerBytes(mebibyte / 2) });
const brokenLayer = await layerBytes(mebibyte);
brokenLayer.writeUInt8(0xff, 36);

test.each([
  ["no disk", await lz4(layer, machine), "disk.img: it is missing"],
  ["no layer", await lz4(disk, machine), "layer.qcow2: it is missing"],
  ["no definition", await lz4(disk, layer), "machine.json: it is missing"],
  ["a definition twice", await lz4(disk, layer, machine, machine), "machine.json: it occurs twice"],
  [
    "a definition twice under two names",
    await lz4(disk, layer, machine, rawEntry({ name: "./machine.json", content: "{}" })),
    "machine.json: it occurs twice",
  ],
  [
    "something else",
    await lz4(disk, layer, machine, rawEntry({ name: "notes" })),
    '"notes": an image archive has no such entry',
  ],
  [
    "an entry with an escape sequence",
    await lz4(rawEntry({ name: "\x1b[2J" })),
    '"\\u001b[2J": an image archive has no such entry',
  ],
  ["an absolute path", await lz4(rawEntry({ name: "/disk.img" })), '"/disk.img": its path is absolute'],
  [
    "a path out of the folder",
    await lz4(rawEntry({ name: "../disk.img" })),
    '"../disk.img": its path leads out of the archive',
  ],
  ["a folder", await lz4(rawEntry({ name: "disk.img", type: "5" })), '"disk.img": it is a folder'],
  [
    "a link to a file",
    await lz4(rawEntry({ name: "disk.img", type: "2", linkName: "/etc/passwd" })),
    '"disk.img": it is a symbolic link, not a plain file',
  ],
  [
    "a disk of 50 GiB",
    await lz4(rawEntry({ name: "disk.img", change: hugeSize })),
    "disk.img: it has 53687091200 bytes: 50 GiB or more",
  ],
  [
    "entries of 50 GiB together",
    await lz4(layer, rawEntry({ name: "disk.img", change: almostHugeSize })),
    "disk.img: with it, the entries have 50 GiB or more in total",
  ],
  [
    "a disk that goes on after its end",
    await lz4(rawEntry({ name: "disk.img", content: "a".repeat(1024), size: 512 })),
    "it is not a tar archive, or a damaged one",
  ],
  ["60 GiB of zeros after its end", bomb, "over 16 MiB of zeros follow the end of the tar archive"],
  ["its folder twice", await lz4(outerFolder, outerFolder, disk), "./: it occurs twice"],
  [
    "a definition over 1 MiB",
    await lz4(rawEntry({ name: "machine.json", size: mebibyte + 1 })),
    "machine.json: it has over 1 MiB",
  ],
  [
    "a definition that is no text",
    await lz4(disk, layer, rawEntry({ name: "machine.json", content: Buffer.from([0xff]) })),
    "machine.json: it is not UTF-8 text",
  ],
  [
    "a definition that is not valid",
    await lz4(disk, layer, rawEntry({ name: "machine.json", content: '{"version": 2}' })),
    "machine.json is not a valid machine definition",
  ],
  [
    "a layer for another disk",
    await lz4(disk, smallLayer, machine),
    "layer.qcow2: its virtual size is 524288 bytes, not the disk's 1048576",
  ],
  [
    "a layer that is no qcow2",
    await lz4(disk, rawEntry({ name: "layer.qcow2", content: "abc" }), machine),
    "layer.qcow2: it is not a qcow2 file",
  ],
  [
    "a layer that only qemu-img sees through",
    await lz4(disk, rawEntry({ name: "layer.qcow2", content: brokenLayer }), machine),
    /layer.qcow2: qemu-img does not accept it as qcow2: /,
  ],
  ["an end in the middle", good.subarray(0, good.length / 2), "it ends in the middle of an LZ4 block"],
  [
    "a changed byte",
    Buffer.from(good).fill(good.readUInt8(1000) ^ 1, 1000, 1001),
    /an LZ4 frame is damaged: /,
  ],
  [
    "garbage after it",
    Buffer.concat([good, Buffer.from("garbage")]),
    "there is data after the end of the compressed data",
  ],
  ["no compression", rawTar(disk, layer, machine), "it is compressed neither with LZ4 nor with Zstandard"],
])("an archive with %s is refused, and nothing is left", async (_title, file, reason) => {
  const { refusal, left } = await extract(file);
  expect(refusal).toMatchObject({
    code: expect.stringMatching(/^invalid-(archive|machine)$/),
    message: expect.stringMatching(/\/a\.tar\.lz4 is refused: /),
  });
  expect(refusal).toHaveProperty(
    "message",
    typeof reason === "string" ? expect.stringContaining(reason) : expect.stringMatching(reason),
  );
  expect(left).toEqual(["a.tar.lz4"]);
});

test("an empty folder is used, and emptied again after a refusal", async () => {
  await using folder = await temporaryFolder();
  const out = join(folder.path, "out");
  await mkdir(out);
  await writeFile(join(folder.path, "bad.tar.lz4"), good.subarray(0, -1));
  await expect(extractArchive({ archive: join(folder.path, "bad.tar.lz4"), folder: out })).rejects.toThrow(
    "refused",
  );
  expect(await readdir(out)).toEqual([]);
  await writeFile(join(folder.path, "good.tar.lz4"), good);
  await extractArchive({ archive: join(folder.path, "good.tar.lz4"), folder: out });
  expect((await readdir(out)).sort()).toEqual(["disk.img", "layer.qcow2", "machine.json"]);
});

test("what a killed process has left of an extraction is in nobody's way", async () => {
  await using folder = await temporaryFolder();
  const out = join(folder.path, "out");
  await mkdir(out);
  const left = newExtractionFolder(out);
  await mkdir(left);
  await writeFile(join(left, "disk.img"), "half of it");
  await writeFile(join(folder.path, "good.tar.lz4"), good);
  await extractArchive({ archive: join(folder.path, "good.tar.lz4"), folder: out });
  expect((await readdir(out)).sort()).toEqual(["disk.img", "layer.qcow2", "machine.json"]);
});

test.each([
  { title: "a file of somebody's", there: ["notes"], partial: ["disk.img", "layer.qcow2", "machine.json"] },
  {
    title: "somebody's definition",
    there: ["machine.json"],
    partial: ["disk.img", "layer.qcow2", "machine.json"],
  },
  { title: "somebody's disk", there: ["disk.img"], partial: ["layer.qcow2", "machine.json"] },
])("$title beside what a killed process has left is left alone", async ({ there, partial }) => {
  await using folder = await temporaryFolder();
  const out = join(folder.path, "out");
  await mkdir(out);
  const left = newExtractionFolder(out);
  await mkdir(left);
  for (const name of there) await writeFile(join(out, name), "theirs");
  for (const name of partial) await writeFile(join(left, name), "ours");
  await writeFile(join(folder.path, "good.tar.lz4"), good);
  const extraction = extractArchive({ archive: join(folder.path, "good.tar.lz4"), folder: out });
  await expect(extraction).rejects.toMatchObject({ code: "file-exists" });
  expect((await readdir(out)).sort()).toEqual([basename(left), ...there]);
  for (const name of there) expect(await readFile(join(out, name), "utf8")).toBe("theirs");
});

/** Extracts the good archive to `out`, where something happens meanwhile. @returns the error */
async function extractDuring(folder: string, happen: (out: string) => void): Promise<unknown> {
  const out = join(folder, "out");
  await mkdir(out);
  await writeFile(join(folder, "good.tar.lz4"), good);
  const onProgress = vi.fn().mockImplementationOnce(() => happen(out));
  const archive = join(folder, "good.tar.lz4");
  return await extractArchive({ archive, folder: out, onProgress }).catch((error: unknown) => error);
}

test.each(["machine.json", "layer.qcow2", "disk.img"])(
  "somebody's %s that appears during the extraction is kept, and nothing else stays",
  async (name) => {
    await using folder = await temporaryFolder();
    const out = join(folder.path, "out");
    const thrown = await extractDuring(folder.path, () => writeFileSync(join(out, name), "theirs"));
    expect(thrown).toMatchObject({
      code: "file-exists",
      message: `${join(out, name)} already exists`,
    });
    expect(await readdir(out)).toEqual([name]);
    expect(await readFile(join(out, name), "utf8")).toBe("theirs");
  },
);

test.each([
  { title: "removed", happen: (out: string) => rmSync(out, { recursive: true }), left: [] },
  { title: "moved", happen: (out: string) => renameSync(out, `${out}.moved`), left: ["out.moved"] },
  {
    title: "swapped for a link",
    happen: (out: string) => {
      renameSync(out, `${out}.moved`);
      mkdirSync(`${out}.other`);
      symlinkSync("out.other", out);
    },
    left: ["out", "out.moved", "out.other"],
  },
])("a folder that is $title during the extraction is said to be gone, and stays empty", async (example) => {
  await using folder = await temporaryFolder();
  const thrown = await extractDuring(folder.path, example.happen);
  expect(thrown).toMatchObject({
    code: "missing-file",
    message: expect.stringContaining(`the folder ${join(folder.path, "out")} was removed or moved`),
  });
  expect((await readdir(folder.path)).sort()).toEqual(["good.tar.lz4", ...example.left]);
  for (const name of example.left) expect(await readdir(join(folder.path, name))).toEqual([]);
});

test("a process that was killed while it gave a file its name is in nobody's way", async () => {
  await using folder = await temporaryFolder();
  const out = join(folder.path, "out");
  await mkdir(out);
  const left = newExtractionFolder(out);
  await mkdir(left);
  for (const name of ["machine.json", "layer.qcow2", "disk.img"]) await writeFile(join(left, name), "ours");
  await link(join(left, "machine.json"), join(out, "machine.json"));
  await writeFile(join(folder.path, "good.tar.lz4"), good);
  await extractArchive({ archive: join(folder.path, "good.tar.lz4"), folder: out });
  expect((await readdir(out)).sort()).toEqual(["disk.img", "layer.qcow2", "machine.json"]);
  expect(await readFile(join(out, "machine.json"), "utf8")).toBe(machineText);
});

test("two can't extract to one folder at once", async () => {
  await using folder = await temporaryFolder();
  await using other = await PartialFolder.create(folder.path);
  const archive = join(other.path, "good.tar.lz4");
  await writeFile(archive, good);
  await expect(extractArchive({ archive, folder: folder.path })).rejects.toMatchObject({ code: "busy" });
});

test("a person's own folder .partial is left alone", async () => {
  await using folder = await temporaryFolder();
  const out = join(folder.path, "out");
  await mkdir(join(out, ".partial"), { recursive: true });
  await writeFile(join(out, ".partial/notes"), "theirs");
  await writeFile(join(folder.path, "good.tar.lz4"), good);
  const extraction = extractArchive({ archive: join(folder.path, "good.tar.lz4"), folder: out });
  await expect(extraction).rejects.toMatchObject({ code: "file-exists" });
  expect(await readFile(join(out, ".partial/notes"), "utf8")).toBe("theirs");
});

test("a folder with something in it is left alone", async () => {
  await using folder = await temporaryFolder();
  await writeFile(join(folder.path, "a.tar.lz4"), good);
  await symlink("/etc/passwd", join(folder.path, "disk.img"));
  const extraction = extractArchive({ archive: join(folder.path, "a.tar.lz4"), folder: folder.path });
  await expect(extraction).rejects.toMatchObject({ code: "file-exists" });
  expect((await readdir(folder.path)).sort()).toEqual(["a.tar.lz4", "disk.img"]);
});

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
