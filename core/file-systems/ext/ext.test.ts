import { mkdirSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../image/test-fixtures.ts";
import type { FileEntry } from "../file-system.ts";
import { factsOf, factsOnDisk, makeExt, openImage, run, statInodes, walk } from "./test-ext.ts";
import { writeManyFiles, writeSampleTree } from "./test-sample.ts";

/** Files that only an administrator can have on a disk, each with the commands that make it. */
const specialFiles = [
  ["mknod fifo p"],
  ["mknod terminal c 4 64"],
  ["mknod disk b 7 1"],
  ["mknod high-numbers c 1 1", "sif high-numbers block[0] 0", "sif high-numbers block[1] 0x186103a0"],
  ["write /dev/null socket", "sif socket mode 0140755"],
  ["write /dev/null high-ids", "sif high-ids uid 100000", "sif high-ids gid 2000000001"],
  ["write /dev/null before-1970", "sif before-1970 mtime 0xff000000"],
];
/** Files with times for which small inodes have no space. */
const laterFiles = [
  ["write /dev/null after-2038", "sif after-2038 mtime 0xff000000", "sif after-2038 mtime_extra 3999999997"],
  ["write /dev/null exact", "sif exact mtime_extra 3999999996"],
];

interface Made {
  readonly options: readonly string[];
  /** As blkid calls it. */
  readonly format?: string;
  readonly megabytes?: number;
  /** Further commands of debugfs. */
  readonly commands?: readonly string[];
  /** Whether its inodes have no space for later times. */
  readonly isOld?: boolean;
}

const kinds: Readonly<Record<string, Made>> = {
  "ext2 of revision 0": { options: ["-r", "0", "-t", "ext2", "-b", "1024"], format: "ext2", isOld: true },
  "ext2 with small inodes": {
    options: ["-t", "ext2", "-b", "1024", "-I", "128"],
    format: "ext2",
    isOld: true,
  },
  "ext3 with blocks of 4 KiB": { options: ["-t", "ext3", "-b", "4096", "-I", "256"], format: "ext3" },
  "ext4 with blocks of 1 KiB": { options: ["-t", "ext4", "-b", "1024"] },
  "ext4 with blocks of 2 KiB and long inodes": { options: ["-t", "ext4", "-b", "2048", "-I", "1024"] },
  "ext4 with blocks of 64 KiB": {
    options: ["-t", "ext4", "-b", "65536", "-O", "^has_journal"],
    megabytes: 64,
  },
  "ext4 with pointers": { options: ["-t", "ext4", "-b", "1024", "-O", "^extents,^64bit"] },
  "ext4 without a journal, 64bit and checksums": {
    options: ["-t", "ext4", "-O", "^has_journal,^64bit,^metadata_csum,^flex_bg"],
  },
  "ext4 with small groups and their own descriptors": {
    options: [
      "-t",
      "ext4",
      "-b",
      "1024",
      "-g",
      "256",
      "-N",
      "4096",
      "-O",
      "meta_bg,^resize_inode,^flex_bg,^64bit",
    ],
  },
  "ext4 with 64bit, and descriptors of groups in few places": {
    options: ["-t", "ext4", "-b", "1024", "-g", "512", "-O", "meta_bg,^resize_inode,64bit,sparse_super2"],
  },
  "ext4 with data in inodes": { options: ["-t", "ext4", "-O", "inline_data", "-I", "256"] },
  "ext4 with much data in inodes": { options: ["-t", "ext4", "-O", "inline_data", "-I", "1024"] },
  "ext4 with clusters": {
    options: ["-t", "ext4", "-b", "1024", "-C", "16384", "-O", "bigalloc,^resize_inode"],
  },
  "ext4 with features of new kernels": {
    options: [
      "-t",
      "ext4",
      "-O",
      "casefold,large_dir,ea_inode,metadata_csum_seed,orphan_file,project,quota,encrypt",
    ],
  },
  "ext4 without types of files": { options: ["-t", "ext4", "-O", "^filetype"] },
};

test.each(Object.entries(kinds))("%s: each file and inode is the one that was made", async (_, made) => {
  await using folder = await temporaryFolder();
  const { image, tree } = await makeSample(folder.path, made);
  const system = await openImage(image);
  const found = await factsOf(system);
  const onDisk = factsOnDisk(tree);
  expect(inSeconds(found, onDisk)).toEqual(inSeconds(onDisk, onDisk));

  const entries = [system.root, ...(await walk(system)).values()];
  const stats = statInodes(image, [...new Set(entries.map(({ inode }) => inode))]);
  expect(entries.map(asStat)).toEqual(entries.map(({ inode }) => stats.get(inode)));
  expect(found.size).toBe(onDisk.size + specialFiles.length + (made.isOld ? 0 : laterFiles.length));

  expect(system).toMatchObject({ format: made.format ?? "ext4", label: "sample", used: usedBytes(image) });
});

test("each folder has its names in the order that debugfs prints", async () => {
  await using folder = await temporaryFolder();
  const { image } = await makeSample(folder.path, { options: ["-t", "ext4", "-b", "1024"] });
  const system = await openImage(image);
  const names: string[] = [];
  for await (const { inode, name } of system.list(system.root))
    names.push(`${inode} ${name.toString("latin1")}`);
  const printed = run("debugfs", ["-R", "ls -p /", image]).matchAll(
    /^\/(\d+)\/\d+\/\d+\/\d+\/([^/]+)\/\d*\/$/gm,
  );
  const expected = [...printed].map(([, inode, name]) => `${inode} ${name}`);
  const isPlain = (line: string) => /^\d+ (?!\.\.?$)[\w-]+$/.test(line);
  expect(names.filter(isPlain)).toEqual(expected.filter(isPlain));
  expect(names.length).toBeGreaterThan(30);
});

test.each([
  ["ext4", ["-b", "1024"]],
  ["ext4", ["-b", "4096", "-O", "large_dir"]],
  ["ext2", ["-b", "1024", "-O", "dir_index"]],
])("a folder of %s with an index has each name once", async (type, options) => {
  await using folder = await temporaryFolder();
  const [tree, image] = [join(folder.path, "tree"), join(folder.path, "ext.img")];
  mkdirSync(tree);
  writeManyFiles(join(tree, "many"), 1500);
  makeExt(image, ["-t", type, "-N", "2000", ...options], { from: tree });
  run("e2fsck", ["-fyD", image]);
  expect(run("debugfs", ["-R", "htree_dump /many", image])).toContain("Number of entries");
  expect([...(await factsOf(await openImage(image))).keys()].sort()).toEqual(
    [...factsOnDisk(tree).keys()].sort(),
  );
});

test("blocks that were never written are zeros, whatever the disk has there", async () => {
  await using folder = await temporaryFolder();
  const image = join(folder.path, "ext.img");
  makeExt(image, ["-t", "ext4", "-b", "1024", "-E", "nodiscard"], {
    fill: 0xa5,
    commands: ["write /dev/null empty", "fallocate empty 0 99", "sif empty size 102400"],
  });
  const system = await openImage(image);
  const file = (await walk(system)).get("/empty") as FileEntry;
  expect(file).toMatchObject({ size: 102_400 });
  expect(file.allocated).toBeGreaterThanOrEqual(102_400);
  expect((await (await system.open(file)).read(0, 200_000)).equals(Buffer.alloc(102_400))).toBe(true);
});

test("any range of a content can be read", async () => {
  await using folder = await temporaryFolder();
  const [tree, image] = [join(folder.path, "tree"), join(folder.path, "ext.img")];
  mkdirSync(tree);
  const content = Buffer.alloc(30_000, Buffer.from(Array.from({ length: 251 }, (_, index) => index)));
  content.fill(0, 20_000);
  writeFileSync(join(tree, "file"), content.subarray(0, 20_000));
  // Its end is a hole.
  truncateSync(join(tree, "file"), content.length);
  makeExt(image, ["-t", "ext4", "-b", "1024"], { from: tree });
  const system = await openImage(image);
  const source = await system.open((await walk(system)).get("/file") as FileEntry);
  for (const offset of [0, 1, 1023, 1024, 1025, 10_000, 19_999, 20_000, 29_999, 30_000, 40_000])
    for (const length of [0, 1, 1023, 1024, 5000, 50_000])
      expect((await source.read(offset, length)).equals(content.subarray(offset, offset + length))).toBe(
        true,
      );
});

async function makeSample(folder: string, { options, megabytes, commands = [], isOld = false }: Made) {
  const [tree, image] = [join(folder, "tree"), join(folder, "ext.img")];
  mkdirSync(tree);
  writeSampleTree(tree);
  const added = isOld ? specialFiles : [...specialFiles, ...laterFiles];
  makeExt(image, options, { from: tree, megabytes, commands: [...added.flat(), ...commands] });
  return { tree, image };
}

/** Facts of the paths that are on the disk, too. Times are whole seconds: older versions of mke2fs copy no parts of them. */
function inSeconds<Value extends { readonly modified: number | undefined }>(
  facts: ReadonlyMap<string, Value>,
  paths: ReadonlyMap<string, unknown>,
) {
  return [...paths.keys()].sort().map((path) => {
    const found = facts.get(path);
    return { path, ...found, modified: Math.floor((found?.modified ?? 0) / 1000) };
  });
}

const types = {
  file: "regular",
  folder: "directory",
  symlink: "symlink",
  fifo: "FIFO",
  socket: "socket",
  "char-device": "character special",
  "block-device": "block special",
} as const;

/** An entry as debugfs prints its inode. */
function asStat({ kind, mode, uid, gid, size, links, allocated, modified, device }: FileEntry) {
  return {
    type: types[kind],
    mode,
    user: uid,
    group: gid,
    size,
    links,
    blocks: allocated / 512,
    modified,
    device: device && `${device.major}:${device.minor}`,
  };
}

/** Bytes of the blocks that are not free, as dumpe2fs counts them. */
function usedBytes(image: string): number {
  const output = run("dumpe2fs", ["-h", image]);
  const field = (name: string) => Number(new RegExp(`^${name}: +(\\d+)$`, "m").exec(output)?.[1]);
  return (field("Block count") - field("Free blocks")) * field("Block size");
}
