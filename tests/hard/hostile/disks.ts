import { execFileSync } from "node:child_process";
import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { writeTree } from "../../../core/contents/tree/test-disk.ts";
import {
  blockOffset,
  changeExt,
  half,
  inodeOffset,
  makeExt,
  patch,
  word,
} from "../../../core/file-systems/ext/test-ext.ts";
import { withSignature, writeEntry } from "../../../core/file-systems/partitions/test-disks.ts";
import type { HostileImage } from "./hostile-image.ts";

const sector = 512;
const blockSize = 1024;

/** An ext4 with some files, which a change damages. */
function ext(damage: (image: string) => void, options: readonly string[] = ["-t", "ext4"]): HostileImage {
  return (folder) => {
    const [tree, path] = [join(folder, "tree"), join(folder, "ext.img")];
    const many = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`file${index}`, `${index}`]));
    writeTree(tree, { folder: { inner: { file: "a needle" } }, many, large: Buffer.alloc(200_000, 1) });
    makeExt(path, ["-b", `${blockSize}`, ...options], { from: tree, megabytes: 8 });
    damage(path);
    return { path };
  };
}

/** Lets a name lead to another inode. */
function relink(image: string, folder: string, record: number, inode: number): void {
  patch(image, blockOffset(image, folder, 0, blockSize) + record, word(inode));
}

const third = 24;
const root = 2;
/** The places of an inode's size and map. */
const [sizeLow, mapStart, sizeHigh] = [0x4, 0x28, 0x6c];

/** A file of 4 TiB, as large as blocks of 1 KiB allow. */
function makeHuge(image: string): void {
  const at = inodeOffset(image, "large", blockSize);
  patch(image, at + sizeLow, word(0xffff_f000));
  patch(image, at + sizeHigh, word(0x3ff));
}

/** A disk with a boot record in each of some sectors. */
function mbr(size: number, records: Readonly<Record<number, (record: Buffer) => void>>): HostileImage {
  return (folder) => {
    const path = join(folder, "disk.img");
    writeFileSync(path, "");
    truncateSync(path, size);
    for (const [at, fill] of Object.entries(records)) {
      const record = withSignature(Buffer.alloc(sector));
      fill(record);
      patch(path, Number(at) * sector, record);
    }
    return { path };
  };
}

const extended = 0x05;
const protective = 0xee;
const linux = 0x83;

/** The head of a GPT with any number and size of entries, without checksums. */
function gpt(entries: number, entrySize: number): HostileImage {
  return (folder) => {
    const disk = mbr(64 * 1024 * 1024, {
      0: (record) => writeEntry(record, 0, { type: protective, start: 1, sectors: 100_000 }),
    })(folder) as { path: string };
    const head = Buffer.alloc(92);
    head.write("EFI PART");
    head.writeUInt32LE(0x10000, 8);
    head.writeUInt32LE(92, 12);
    for (const [at, value] of [
      [24, 1],
      [32, 131_071],
      [40, 34],
      [48, 131_000],
      [72, 2],
    ] as const)
      head.writeBigUInt64LE(BigInt(value), at);
    head.writeUInt32LE(entries, 80);
    head.writeUInt32LE(entrySize, 84);
    head.writeUInt32LE(crc32(head), 16);
    patch(disk.path, sector, head);
    return disk;
  };
}

/** An ISO whose folder has another place and size. */
function iso(sectorOf: (image: Buffer, root: number) => void): HostileImage {
  return (folder) => {
    const [tree, path] = [join(folder, "tree"), join(folder, "hostile.iso")];
    writeTree(tree, { folder: { inner: { file: "a needle" } } });
    execFileSync("xorriso", ["-as", "mkisofs", "-quiet", "-o", path, tree], { stdio: "ignore" });
    const image = readFileSync(path);
    sectorOf(image, image.readUInt32LE(16 * 2048 + 158));
    return image;
  };
}

/** The record of a name in a folder of an ISO. */
function recordOf(image: Buffer, name: string): number {
  return image.indexOf(name, 17 * 2048, "latin1") - 33;
}

/** A FAT16 whose table links clusters in another way. */
function fat(
  damage: (image: Buffer, table: number, cluster: (name: string) => number) => void,
): HostileImage {
  return (folder) => {
    const path = join(folder, "fat.img");
    const tree = join(folder, "tree");
    writeTree(tree, { "LARGE.BIN": Buffer.alloc(30_000, 1), FOLDER: { FILE: "a needle" } });
    writeFileSync(path, "");
    truncateSync(path, 8 * 1024 * 1024);
    execFileSync("/sbin/mkfs.vfat", ["-F", "16", "-s", "1", path], { stdio: "ignore" });
    execFileSync("mcopy", ["-s", "-i", path, join(tree, "LARGE.BIN"), join(tree, "FOLDER"), "::"], {
      env: { ...process.env, MTOOLS_SKIP_CHECK: "1" },
    });
    const image = readFileSync(path);
    const at = (name: string) => image.indexOf(name.padEnd(11), 0, "latin1");
    damage(image, image.readUInt16LE(14) * sector, (name) => at(name) + 26);
    return image;
  };
}

/** Disks and file systems with loops, and with numbers that no disk has. */
export const diskImages: Readonly<Record<string, HostileImage>> = {
  "an ext4 whose folder contains the root": ext((image) => relink(image, "folder", third, root)),
  "an ext4 whose folders are one": ext((image) => {
    for (let record = third; record < 800; record += 20) relink(image, "many", record, 12);
  }),
  "an ext4 with a file of 4 TiB of holes": ext(makeHuge),
  "an ext2 with a file of 4 TiB of holes": ext(makeHuge, ["-t", "ext2"]),
  "an ext4 whose extent tree leads back to itself": ext((image) => {
    const at = inodeOffset(image, "large", blockSize) + mapStart;
    const block = blockOffset(image, "large", 0, blockSize) / blockSize;
    const node = Buffer.concat([
      half(0xf30a),
      half(1),
      half(4),
      half(1),
      word(0),
      word(0),
      word(block),
      word(0),
    ]);
    patch(image, at, node);
    patch(image, block * blockSize, node);
  }),
  "an ext4 whose extents are outside of the disk": ext((image) => {
    const at = inodeOffset(image, "large", blockSize) + mapStart + 12;
    patch(image, at, Buffer.concat([word(0), half(32_768), half(0xffff), word(0xffff_ffff)]));
  }),
  "an ext2 whose pointers lead back to themselves": ext(
    (image) => {
      makeHuge(image);
      const block = blockOffset(image, "large", 12, blockSize) / blockSize;
      const at = inodeOffset(image, "large", blockSize) + mapStart;
      for (const pointer of [12, 13, 14]) patch(image, at + 4 * pointer, word(block));
      patch(image, block * blockSize, Buffer.concat(Array.from({ length: 256 }, () => word(block))));
    },
    ["-t", "ext2"],
  ),
  "an ext4 whose index of a folder leads back to itself": ext((image) => {
    changeExt(image, ["sif many flags 0x81000"]);
    patch(
      image,
      blockOffset(image, "many", 0, blockSize) + 0x28,
      Buffer.concat(Array.from({ length: 20 }, () => word(0))),
    );
  }),
  "an ext4 of 2^32 inodes": ext((image) => patch(image, 1024, word(0xffff_ffff))),
  "an ext4 of 2^64 blocks": ext((image) => {
    patch(image, 1024 + 0x4, word(0xffff_ffff));
    patch(image, 1024 + 0x150, word(0xffff_ffff));
  }),
  "an ISO whose folder contains itself": iso((image, rootSector) => {
    const record = recordOf(image, "FOLDER");
    image.writeUInt32LE(rootSector, record + 2);
    image.writeUInt32BE(rootSector, record + 6);
  }),
  "an ISO whose folder has 4 GiB": iso((image) => {
    image.writeUInt32LE(0xffff_ffff, recordOf(image, "FOLDER") + 10);
  }),
  "a FAT whose clusters are a circle": fat((image, table, cluster) => {
    const first = image.readUInt16LE(cluster("LARGE   BIN"));
    image.writeUInt16LE(first, table + 2 * (first + 3));
  }),
  "a FAT whose folder has itself in it": fat((image, table, cluster) => {
    const first = image.readUInt16LE(cluster("FOLDER"));
    image.writeUInt16LE(first, table + 2 * first);
    image.writeUInt16LE(first, cluster("FILE"));
  }),
  "thousands of logical partitions": mbr(2 ** 30, {
    0: (record) => writeEntry(record, 0, { type: extended, start: 1, sectors: 2 ** 21 - 1 }),
    ...Object.fromEntries(
      Array.from({ length: 5000 }, (_, index) => [
        index + 1,
        (record: Buffer) => {
          writeEntry(record, 0, { type: linux, start: 1, sectors: 1 });
          writeEntry(record, 1, { type: extended, start: index + 1, sectors: 1 });
        },
      ]),
    ),
  }),
  "logical partitions in a circle": mbr(2 ** 24, {
    0: (record) => writeEntry(record, 0, { type: extended, start: 1, sectors: 10_000 }),
    1: (record) => {
      writeEntry(record, 0, { type: linux, start: 1, sectors: 1 });
      writeEntry(record, 1, { type: extended, start: 0, sectors: 1 });
    },
  }),
  "a partition that has the disk in it": mbr(2 ** 24, {
    0: (record) => writeEntry(record, 0, { type: linux, start: 1, sectors: 30_000 }),
    ...Object.fromEntries(
      Array.from({ length: 100 }, (_, index) => [
        index + 1,
        (record: Buffer) => writeEntry(record, 0, { type: linux, start: 1, sectors: 30_000 }),
      ]),
    ),
  }),
  "a GPT with 2^32 entries": gpt(0xffff_ffff, 128),
  "a GPT with entries of 2 GiB": gpt(128, 0x8000_0000),
  "a GPT with a million entries": gpt(1_000_000, 128),
};
