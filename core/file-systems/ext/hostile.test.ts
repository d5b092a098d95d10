import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { AppError } from "../../../shared/errors/errors.ts";
import { sampleBytes, temporaryFolder } from "../../image/test-fixtures.ts";
import { sourceOfBytes, sourceOfFile } from "../test-source.ts";
import { openExt } from "./ext.ts";
import {
  blockOffset,
  changeExt,
  half,
  inodeOffset,
  makeExt,
  openImage,
  patch,
  walk,
  word,
} from "./test-ext.ts";

const blockSize = 1024;

/** Makes a file system that a test damages: a folder with three files, and one with many blocks. */
async function makeVictim(folder: string, options: readonly string[] = ["-t", "ext4"]): Promise<string> {
  const [tree, image] = [join(folder, "tree"), join(folder, "ext.img")];
  mkdirSync(tree);
  mkdirSync(join(tree, "folder"));
  for (const name of ["first", "second", "third"]) writeFileSync(join(tree, "folder", name), `the ${name}`);
  writeFileSync(join(tree, "large"), sampleBytes(40 * blockSize));
  makeExt(image, ["-b", `${blockSize}`, "-N", "64", ...options], { from: tree, megabytes: 4 });
  return image;
}

/** Reads all names and the large file. @returns the names */
async function readEverything(image: string): Promise<readonly string[]> {
  const system = await openImage(image);
  const entries = await walk(system);
  const large = entries.get("/large");
  if (large) await (await system.open(large)).read(0, 1024 * 1024);
  return [...entries.keys()];
}

/** A place in an inode's map, behind the head of its extent tree. */
const firstEntry = 0x28 + 12;

const damages: Readonly<Record<string, readonly [message: string, damage: (image: string) => void]>> = {
  "a record without a length": [
    "the folder of inode 12 has a record with an impossible length",
    (image) => patch(image, blockOffset(image, "folder", 0, blockSize) + 12 + 4, half(0)),
  ],
  "a record with an odd length": [
    "the folder of inode 12 has a record with an impossible length",
    (image) => patch(image, blockOffset(image, "folder", 0, blockSize) + 12 + 4, half(13)),
  ],
  "a record that is longer than its block": [
    "the folder of inode 12 has a record with an impossible length",
    (image) => patch(image, blockOffset(image, "folder", 0, blockSize) + 12 + 4, half(blockSize)),
  ],
  "a name that is longer than its record": [
    "the folder of inode 12 has a name that doesn't fit into its record",
    (image) => patch(image, blockOffset(image, "folder", 0, blockSize) + 24 + 6, Buffer.from([200])),
  ],
  "a name with a slash": [
    "the folder of inode 12 has an impossible name",
    (image) => patch(image, blockOffset(image, "folder", 0, blockSize) + 24 + 8, Buffer.from("../..")),
  ],
  "a name with NUL": [
    "the folder of inode 12 has an impossible name",
    (image) => patch(image, blockOffset(image, "folder", 0, blockSize) + 24 + 8, Buffer.from([0])),
  ],
  "an empty name": [
    "the folder of inode 12 has an impossible name",
    (image) => patch(image, blockOffset(image, "folder", 0, blockSize) + 24 + 6, Buffer.from([0])),
  ],
  "an inode that doesn't exist": [
    "the inode 4294967295 is outside of the file system",
    (image) => patch(image, blockOffset(image, "folder", 0, blockSize) + 24, word(0xffff_ffff)),
  ],
  "an inode that is not in use": [
    "the inode 40 is not in use, though a folder names it",
    (image) => patch(image, blockOffset(image, "folder", 0, blockSize) + 24, word(40)),
  ],
  "a folder of 4 GiB": [
    "the folder of inode 12 is longer than the file system",
    (image) => changeExt(image, ["sif folder size 0xffffffff"]),
  ],
  "a folder with a hole": [
    "the folder of inode 12 has a hole",
    (image) => changeExt(image, ["sif folder size 4096"]),
  ],
  "a folder that has a block again and again": [
    "twice",
    (image) => {
      const block = blockOffset(image, "folder", 0, blockSize) / blockSize;
      const offset = inodeOffset(image, "folder", blockSize);
      const extents = [0, 1].map((at) => Buffer.concat([word(at), half(1), half(0), word(block)]));
      patch(image, offset + 0x28 + 2, half(2));
      patch(image, offset + firstEntry, Buffer.concat(extents));
      patch(image, offset + 4, word(2 * blockSize));
    },
  ],
  "an extent outside of the file system": [
    "the extent tree of inode 16 has the block 4294967295, which is outside of the file system",
    (image) => patch(image, inodeOffset(image, "large", blockSize) + firstEntry + 8, word(0xffff_ffff)),
  ],
  "an extent that is longer than the file system": [
    "the extent tree of inode 16 has the block",
    (image) => patch(image, inodeOffset(image, "large", blockSize) + firstEntry + 4, half(0x8000)),
  ],
  "an extent tree without a head": [
    "the extent tree of inode 16 has a node without a head",
    (image) => patch(image, inodeOffset(image, "large", blockSize) + 0x28, half(0)),
  ],
  "an extent tree with too many entries": [
    "the extent tree of inode 16 has a node with too many entries",
    (image) => patch(image, inodeOffset(image, "large", blockSize) + 0x28 + 2, half(5)),
  ],
  "an extent tree that is too deep": [
    "the extent tree of inode 16 is deeper than 5 levels",
    (image) => patch(image, inodeOffset(image, "large", blockSize) + 0x28 + 6, half(6)),
  ],
  "an extent tree that contains itself": [
    "the extent tree of inode 16 has a node at a wrong depth",
    (image) => {
      const [offset, block] = [
        inodeOffset(image, "large", blockSize),
        blockOffset(image, "large", 0, blockSize),
      ];
      const node = Buffer.concat([half(0xf30a), half(1), half(84), half(3), word(0)]);
      const entry = Buffer.concat([word(0), word(block / blockSize), half(0), half(0)]);
      patch(image, block, Buffer.concat([node, entry]));
      patch(image, offset + 0x28, Buffer.concat([node, entry]));
    },
  ],
  "an inode table outside of the file system": [
    "the inode table of group 0 is outside of the file system",
    (image) => patch(image, 2 * blockSize + 8, word(5000)),
  ],
  "a file that is larger than a file can be": [
    "the inode 16 is larger than a file can be",
    (image) => patch(image, inodeOffset(image, "large", blockSize) + 0x6c, word(0x7fff_ffff)),
  ],
  "a symbolic link that is longer than a block": [
    "the symbolic link of inode 16 is longer than it can be",
    (image) => changeExt(image, ["sif large mode 0120777"]),
  ],
  "a root that is a file": [
    "the root of the file system is not a folder",
    (image) => changeExt(image, ["sif / mode 0100644"]),
  ],
  "blocks of 2 TiB": [
    "the superblock is damaged: it names an impossible size of blocks",
    (image) => patch(image, 1024 + 0x18, word(31)),
  ],
  "groups without blocks": [
    "the superblock is damaged: its groups have no blocks",
    (image) => patch(image, 1024 + 0x20, word(0)),
  ],
  "groups without inodes": [
    "the superblock is damaged: its groups have an impossible number of inodes",
    (image) => patch(image, 1024 + 0x28, word(0)),
  ],
  "more inodes than fit": [
    "the superblock is damaged: its 4294967295 inodes are more than fit in its groups",
    (image) => patch(image, 1024, word(0xffff_ffff)),
  ],
  "inodes of 100 bytes": [
    "the superblock is damaged: its inodes can't have 100 bytes",
    (image) => patch(image, 1024 + 0x58, half(100)),
  ],
  "more blocks than fit on a disk": [
    "are more than fit on a disk",
    (image) => patch(image, 1024 + 0x150, word(0xffff_ffff)),
  ],
};

test.each(Object.entries(damages))("%s: the error says so", async (_, [message, damage]) => {
  await using folder = await temporaryFolder();
  const image = await makeVictim(folder.path);
  expect(await readEverything(image)).toContain("/folder/third");
  damage(image);
  const error = await readEverything(image).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(AppError);
  expect(error).toMatchObject({ code: "damaged-file-system" });
  expect((error as AppError).message).toContain(message);
});

test("the other entries of a folder come before the error on a damaged inode", async () => {
  await using folder = await temporaryFolder();
  const image = await makeVictim(folder.path);
  changeExt(image, ["sif folder/second mode 0"]);
  const system = await openImage(image);
  const inner = (await namesIn(system.list(system.root))).entries.find(({ name }) => `${name}` === "folder");
  const { entries, error } = await namesIn(system.list(inner ?? system.root));
  expect(entries.map(({ name }) => `${name}`)).toEqual(["first", "third"]);
  expect(error).toMatchObject({ code: "damaged-file-system" });
});

async function namesIn<Entry>(list: AsyncIterable<Entry>) {
  const entries: Entry[] = [];
  try {
    for await (const entry of list) entries.push(entry);
  } catch (error) {
    return { entries, error };
  }
  return { entries };
}

test("pointers in a circle make a file of the same block, not an endless one", async () => {
  await using folder = await temporaryFolder();
  const image = await makeVictim(folder.path, ["-t", "ext2"]);
  const block = blockOffset(image, "large", 0, blockSize) / blockSize;
  patch(image, block * blockSize, Buffer.alloc(blockSize, word(block)));
  patch(image, inodeOffset(image, "large", blockSize) + 0x28, Buffer.alloc(60, word(block)));
  changeExt(image, ["sif large size 0x7fffffff"]);
  const system = await openImage(image);
  const large = (await walk(system)).get("/large");
  if (!large) throw new Error("it is gone");
  const content = await system.open(large);
  expect(await content.read(0x7ffff000, 100_000)).toEqual(Buffer.alloc(4095, word(block)));
  changeExt(image, ["sif large mode 040755", "sif large size 0x100000"]);
  await expect(readEverything(image)).rejects.toMatchObject({ code: "damaged-file-system" });
});

test("data in an inode that is longer than the inode is an error", async () => {
  await using folder = await temporaryFolder();
  const image = await makeVictim(folder.path, ["-t", "ext4", "-O", "inline_data", "-I", "256"]);
  expect(`${await readFirst(image)}`).toBe("the first");
  changeExt(image, ["sif folder/first size 1000"]);
  await expect(readFirst(image)).rejects.toThrow("has less data than its size says");
  // The size of the attribute's value, in the first entry behind the magic.
  patch(image, inodeOffset(image, "folder/first", blockSize) + 128 + 32 + 4 + 8, word(1000));
  await expect(readFirst(image)).rejects.toThrow("has data outside of itself");
});

async function readFirst(image: string): Promise<Buffer> {
  const system = await openImage(image);
  const entry = (await walk(system)).get("/folder/first");
  if (!entry) throw new Error("it is gone");
  return await (await system.open(entry)).read(0, 100);
}

test("features that are not known are named", async () => {
  await using folder = await temporaryFolder();
  const image = await makeVictim(folder.path);
  patch(image, 1024 + 0x60, word(0x2c2 | 0x1 | 0x80000));
  await expect(openImage(image)).rejects.toMatchObject({
    code: "usage",
    message: "the ext4 file system has features that this Tinsmith can't read: compression, FEATURE_I19",
  });
});

test("a person learns of a journal that was not replayed, errors, and encrypted folders", async () => {
  await using folder = await temporaryFolder();
  const image = await makeVictim(folder.path);
  expect((await openImage(image)).notes).toEqual([]);
  changeExt(image, ["feature needs_recovery", "feature encrypt", "ssv state 2"]);
  expect((await openImage(image)).notes).toEqual([
    expect.stringMatching(/^Its journal was not replayed: /),
    expect.stringContaining("e2fsck"),
    expect.stringContaining("encrypted"),
  ]);
  changeExt(image, ["feature -needs_recovery", "feature -encrypt", "ssv state 0"]);
  expect((await openImage(image)).notes).toEqual([expect.stringMatching(/^It was not unmounted: /)]);
});

test("names in an encrypted folder are escaped", async () => {
  await using folder = await temporaryFolder();
  const image = await makeVictim(folder.path);
  patch(image, blockOffset(image, "folder", 0, blockSize) + 24 + 8, Buffer.from([0x2f, 0, 0xff, 0x5c, 0x74]));
  changeExt(image, ["sif folder flags 0x80800"]);
  expect(await readEverything(image)).toContain("/folder/\\x2f\\x00\\xff\\x5ct");
});

test("files in the part of a truncated disk that is there are read", async () => {
  await using folder = await temporaryFolder();
  const image = await makeVictim(folder.path);
  const source = await sourceOfFile(image);
  const half = sourceOfBytes(await source.read(0, blockOffset(image, "large", 20, blockSize)));
  const system = await openExt(half);
  if (!system) throw new Error("it is not recognized");
  expect(system.notes).toEqual([expect.stringContaining("larger than its partition")]);
  const large = (await walk(system)).get("/large");
  if (!large) throw new Error("it is gone");
  const content = await system.open(large);
  expect(await content.read(0, 20 * blockSize)).toEqual(sampleBytes(20 * blockSize));
  await expect(content.read(0, 21 * blockSize)).rejects.toThrow(
    "the disk or partition ends before the end of the content of inode 16",
  );
});

test("a disk without the magic is not an ext file system", async () => {
  expect(await openExt(sourceOfBytes(Buffer.alloc(100)))).toBeUndefined();
  expect(await openExt(sourceOfBytes(Buffer.alloc(8192)))).toBeUndefined();
});
