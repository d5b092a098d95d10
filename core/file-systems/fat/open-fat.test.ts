import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { FileSystem } from "../file-system.ts";
import { sourceOfBytes, sourceOfFile } from "../test-source.ts";
import { readTree } from "../test-tree.ts";
import { openFat } from "./open-fat.ts";
import { fileTime, makeFat, readImage, type TestFat } from "./test-fat.ts";

const mebibyte = 2 ** 20;

const kinds = [
  ["FAT12", ["-F", "12", "-n", "SMALL"], 1.44 * 1000 * 1024],
  ["FAT16", ["-F", "16", "-n", "MIDDLE 1"], 16 * mebibyte],
  ["FAT32", ["-F", "32", "-s", "1", "-n", "LARGE"], 40 * mebibyte],
  ["FAT16", ["-F", "16", "-S", "4096", "-s", "1", "-f", "1"], 32 * mebibyte],
] as const;

const files = {
  empty: "",
  "README.TXT": "short",
  "boot/grub/a long name with spaces.cfg": "menuentry\n".repeat(5000),
  "Größe – 日本語.txt": "names in UTF-16",
  [`${"x".repeat(250)}.long`]: "255 characters",
  "a/b/c/d/e/f/g/h/i/j/deep": "deep",
  ...Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`many/file number ${index}`, `${index}`])),
};

async function open(fat: TestFat): Promise<FileSystem> {
  const system = await openFat(await sourceOfFile(fat.path));
  if (!system) throw new Error("not a FAT file system");
  return system;
}

/** The contents of all files by their paths. */
async function contentsOf(system: FileSystem): Promise<Readonly<Record<string, string>>> {
  const contents: Record<string, string> = {};
  for (const [path, { content }] of await readTree(system))
    if (content !== undefined) contents[path] = content;
  return contents;
}

test.each(kinds)(
  "names and contents of %s are those that were copied (mkfs.vfat %j)",
  async (kind, options, size) => {
    const fat = makeFat(options, size);
    fat.copy(files);
    const system = await open(fat);
    expect(system.format).toBe(kind);
    expect(system.label).toBe(options.includes("-n" as never) ? options.at(-1) : "");
    expect(system.notes).toEqual([]);
    expect(await contentsOf(system)).toEqual(files);
  },
);

test.each(kinds.slice(0, 3))(
  "%s has as many used clusters as fsck.fat counts",
  async (_kind, options, size) => {
    const fat = makeFat(options, size);
    fat.copy(files);
    const { layout } = readImage(fat);
    const report = execFileSync("/sbin/fsck.fat", ["-n", fat.path], { encoding: "utf8" });
    const used = Number(/(\d+)\/\d+ clusters/.exec(report)?.[1]);
    expect((await open(fat)).used).toBe(used * layout.clusterBytes);
    expect((await open(fat)).size).toBeLessThanOrEqual(size);
  },
);

test("entries have times and sizes, inodes of their own, and no owners", async () => {
  const fat = makeFat(["-F", "16"], 16 * mebibyte);
  fat.copy({ ...files, "three.bin": Buffer.alloc(5000, 3) });
  const tree = await readTree(await open(fat));
  const { clusterBytes } = readImage(fat).layout;
  expect(tree.get("three.bin")?.entry).toMatchObject({
    ...{ kind: "file", size: 5000, modified: fileTime, links: 1 },
    ...{ mode: undefined, uid: undefined, gid: undefined },
    allocated: Math.ceil(5000 / clusterBytes) * clusterBytes,
  });
  expect(tree.get("boot/grub")?.entry).toMatchObject({ kind: "folder", size: 0 });
  expect(new Set([...tree.values()].map(({ entry }) => entry.inode)).size).toBe(tree.size);
});

test("a file whose clusters are all over the disk is read as mtype reads it", async () => {
  const fat = makeFat(["-F", "16", "-s", "1"], 4 * mebibyte);
  const small = Array.from({ length: 200 }, (_, index) => [`s${index}`, Buffer.alloc(600, index)] as const);
  fat.copy(Object.fromEntries(small));
  fat.mtools("mdel", ...small.filter((_, index) => index % 2 === 0).map(([name]) => `::${name}`));
  const large = Buffer.from(Array.from({ length: 150_000 }, (_, index) => (index * 7) % 251));
  fat.copy({ "large.bin": large });
  const contents = await contentsOf(await open(fat));
  expect(contents["large.bin"]).toBe(fat.mtools("mtype", "::large.bin").toString("latin1"));
  expect(Object.keys(contents)).toHaveLength(101);
});

test("short names are in UTF-8, in lower case where Windows NT says so", async () => {
  const fat = makeFat(["-F", "12"], mebibyte);
  fat.copy({ "AAAAAAAA.BBB": "1", CCCC: "2", "DDDD.EEE": "3" });
  const { image } = readImage(fat);
  const entry = image.indexOf("AAAAAAAABBB", 0, "latin1");
  image[entry + 12] = 0x18;
  const umlaut = image.indexOf("CCCC  ", 0, "latin1");
  // 0x05 stands for 0xe5, a sigma of code page 437; 0x99 is an umlaut.
  Buffer.from([0x05, 0x99]).copy(image, umlaut);
  image[umlaut + 12] = 0;
  image[image.indexOf("DDDD    EEE", 0, "latin1") + 12] = 0x08;
  const system = (await openFat(sourceOfBytes(image))) as FileSystem;
  expect(await contentsOf(system)).toEqual({ "aaaaaaaa.bbb": "1", σÖCC: "2", "dddd.EEE": "3" });
});

test("parts of a long name that belong to no file are passed over", async () => {
  const fat = makeFat(["-F", "12"], mebibyte);
  fat.copy({ "a long name of mine": "1", "another long name, longer than one part": "2" });
  const { image } = readImage(fat);
  // The short names differ from the long ones' checksums now, as if an old program had renamed the files.
  image.write("RENAMED1", image.indexOf("ALONGN~1", 0, "latin1"), "latin1");
  const system = (await openFat(sourceOfBytes(image))) as FileSystem;
  expect(await contentsOf(system)).toEqual({
    RENAMED1: "1",
    "another long name, longer than one part": "2",
  });
});

test("characters beyond 16 bits in a long name are read, and half of one is replaced", async () => {
  const fat = makeFat(["-F", "12"], mebibyte);
  fat.copy({ "name-XX": "1", "name-YZ": "2" });
  const { image } = readImage(fat);
  Buffer.from("😀", "utf16le").copy(image, image.indexOf(Buffer.from("XX", "utf16le")));
  image.writeUInt16LE(0xd83d, image.indexOf(Buffer.from("YZ", "utf16le")));
  const system = (await openFat(sourceOfBytes(image))) as FileSystem;
  expect(await contentsOf(system)).toEqual({ "name-😀": "1", "name-\ufffdZ": "2" });
});

test("a label comes from the root folder before the boot sector", async () => {
  const fat = makeFat(["-F", "16", "-n", "BEFORE"], 16 * mebibyte);
  fat.mtools("mlabel", "::AFTER");
  const { image, layout } = readImage(fat);
  Buffer.from("OLD        ").copy(image, image.indexOf("AFTER "));
  expect((await openFat(sourceOfBytes(image)))?.label).toBe("AFTER");
  image.fill(0, layout.root.start, layout.root.start + 32);
  expect((await openFat(sourceOfBytes(image)))?.label).toBe("OLD");
});

test("a FAT32 that does not know its free clusters does not tell how much is used", async () => {
  const { image, layout } = readImage(makeFat(["-F", "32", "-s", "1"], 40 * mebibyte));
  image.writeUInt32LE(0xffff_ffff, (layout.info ?? 0) + 488);
  expect((await openFat(sourceOfBytes(image)))?.used).toBeUndefined();
});

test("a file system that was not unmounted, or whose end is missing, has a note", async () => {
  const { image } = readImage(makeFat(["-F", "16"], 16 * mebibyte));
  image[37] = 1;
  const system = await openFat(sourceOfBytes(image.subarray(0, 8 * mebibyte)));
  expect(system?.notes).toEqual([
    expect.stringContaining("was not unmounted"),
    expect.stringContaining("its end is missing"),
  ]);
});

test.each([
  ["nothing", Buffer.alloc(0)],
  ["zeros", Buffer.alloc(4096)],
  ["a partition table", mbr()],
  ["a program", readFileSync(process.execPath).subarray(0, 4096)],
])("%s is not FAT", async (_name, bytes) => {
  expect(await openFat(sourceOfBytes(bytes))).toBeUndefined();
});

/** An MBR with the jump of GRUB, which leaves the fields of FAT empty. */
function mbr(): Buffer {
  const bytes = Buffer.alloc(4096);
  Buffer.from([0xeb, 0x63, 0x90]).copy(bytes);
  bytes.writeUInt16LE(0xaa55, 510);
  return bytes;
}
