import { expect, test } from "vitest";
import type { FileSystem } from "../file-system.ts";
import { expectBounded } from "../test-fuzz.ts";
import { sourceOfBytes } from "../test-source.ts";
import { readTree } from "../test-tree.ts";
import { openFat } from "./open-fat.ts";
import { makeFat, readImage } from "./test-fat.ts";

const mebibyte = 2 ** 20;

/** A FAT16 with clusters of 512 bytes, in which a file or folder was damaged. */
async function openDamaged(damage: (image: Buffer, tools: DamageTools) => void): Promise<FileSystem> {
  const fat = makeFat(["-F", "16", "-s", "1"], 4 * mebibyte);
  fat.copy({
    "LARGE.BIN": Buffer.alloc(3000, 1),
    "FOLDER/FIRST": "1",
    ...Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`FOLDER/F${index}`, `${index}`])),
  });
  const { image, layout } = readImage(fat);
  const entryOf = (name: string) => image.indexOf(name.padEnd(11), layout.root.start, "latin1");
  damage(image, {
    entryOf,
    firstOf: (name) => image.readUInt16LE(entryOf(name) + 26),
    link: (cluster, next) => image.writeUInt16LE(next, layout.fat + cluster * 2),
  });
  return (await openFat(sourceOfBytes(image))) as FileSystem;
}

interface DamageTools {
  /** The place of a short name. */
  readonly entryOf: (name: string) => number;
  readonly firstOf: (name: string) => number;
  readonly link: (cluster: number, next: number) => void;
}

const large = "LARGE   BIN";
const folder = "FOLDER";

test.each<[string, string, (image: Buffer, tools: DamageTools) => void]>([
  [
    "that form a loop",
    'the file "LARGE.BIN" has 3000 bytes, but more than 6 clusters, or its clusters form a loop',
    (_image, { firstOf, link }) => link(firstOf(large) + 2, firstOf(large)),
  ],
  [
    "that are too few",
    'the file "LARGE.BIN" has 3000 bytes, but only 2 clusters',
    (_image, { firstOf, link }) => link(firstOf(large) + 1, 0xffff),
  ],
  [
    "that don't exist",
    'the file "LARGE.BIN" names cluster 65000, and the file system has clusters 2 to',
    (_image, { firstOf, link }) => link(firstOf(large), 65_000),
  ],
  [
    "that are free",
    'the file "LARGE.BIN" names cluster 0,',
    (_image, { firstOf, link }) => link(firstOf(large), 0),
  ],
  [
    "fewer than its size",
    'the file "LARGE.BIN" is larger than its file system: it has 4294967295 bytes',
    (image, { entryOf }) => image.writeUInt32LE(0xffff_ffff, entryOf(large) + 28),
  ],
])("a file with clusters %s is an error, and the other files can be read", async (_name, message, damage) => {
  const system = await openDamaged(damage);
  await expect(readTree(system)).rejects.toMatchObject({
    code: "damaged-file-system",
    message: expect.stringContaining(message),
  });
  const names: string[] = [];
  for await (const { name } of system.list(system.root)) names.push(name.toString());
  expect(names.sort()).toEqual(["FOLDER", "LARGE.BIN"]);
});

test.each<[string, string, (image: Buffer, tools: DamageTools) => void]>([
  [
    "whose clusters form a loop",
    'the clusters of the folder "FOLDER" form a loop',
    (_image, { firstOf, link }) => link(firstOf(folder), firstOf(folder)),
  ],
  [
    "without clusters",
    'the folder "FOLDER" has no clusters',
    (image, { entryOf }) => image.writeUInt16LE(0, entryOf(folder) + 26),
  ],
  [
    "whose next cluster doesn't exist",
    'the folder "FOLDER" names cluster 64000,',
    (_image, { firstOf, link }) => link(firstOf(folder), 64_000),
  ],
])("a folder %s is an error", async (_name, message, damage) => {
  const system = await openDamaged(damage);
  await expect(readTree(system)).rejects.toMatchObject({
    code: "damaged-file-system",
    message: expect.stringContaining(message),
  });
});

test("a folder never has more entries than FAT allows", async () => {
  const fat = makeFat(["-F", "16", "-s", "64"], 200 * mebibyte);
  fat.copy({ "FOLDER/FILE": "" });
  const { image, layout } = readImage(fat);
  // All clusters after the folder's belong to it, and are full of deleted entries.
  const first = image.readUInt16LE(image.indexOf(folder.padEnd(11), layout.root.start, "latin1") + 26);
  for (let cluster = first; cluster < first + 100; cluster++)
    image.writeUInt16LE(cluster + 1, layout.fat + cluster * 2);
  const start = layout.data + (first - 1) * layout.clusterBytes;
  image.fill(0xe5, start, start + 100 * layout.clusterBytes);
  image.fill(0xe5, start - layout.clusterBytes + 96, start);
  await expect(readTree((await openFat(sourceOfBytes(image))) as FileSystem)).rejects.toMatchObject({
    message: 'the folder "FOLDER" has more than 65,536 entries',
  });
});

test("names that a path would misunderstand become harmless", async () => {
  const system = await openDamaged((image, { entryOf }) => {
    image.write("A/../B  TXT", entryOf(large), "latin1");
  });
  const names: string[] = [];
  for await (const { name } of system.list(system.root)) names.push(name.toString());
  expect(names).toContain("A_.._B.TXT");
});

test("a folder that is in itself has the inode of the one that it is in", async () => {
  const system = await openDamaged((image, { entryOf, firstOf }) => {
    const at = entryOf("FIRST");
    image[at + 11] = 0x10;
    image.writeUInt16LE(firstOf(folder), at + 26);
  });
  const tree = await readTree(system);
  expect(tree.get("FOLDER/FIRST")?.entry.inode).toBe(tree.get("FOLDER")?.entry.inode);
});

test.each([
  ["FAT12", ["-F", "12"], mebibyte],
  ["FAT16", ["-F", "16", "-s", "1"], 4 * mebibyte],
  ["FAT32", ["-F", "32", "-s", "1"], 40 * mebibyte],
])("a damaged %s never keeps its reader busy", async (_kind, options, size) => {
  const fat = makeFat(options, size);
  fat.copy({
    "a long name of a file": Buffer.alloc(20_000, 1),
    "folder/inner/file": "1",
    ...Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`folder/file ${index}`, `${index}`])),
  });
  const { image, layout } = readImage(fat);
  await expectBounded({
    image,
    places: [
      [0, 96],
      [layout.fat, 200],
      [layout.root.start, 512],
      [layout.data, 4096],
    ],
    mostReads: 100_000,
    use: async (source) => {
      const system = await openFat(source);
      if (system) await readTree(system);
    },
  });
});
