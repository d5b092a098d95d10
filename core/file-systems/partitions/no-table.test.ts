import { execFileSync } from "node:child_process";
import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { sourceOfBytes, sourceOfFile } from "../test-source.ts";
import { readPartitions } from "./read-partitions.ts";
import { gpt, logical, makeDisk, mebibyte, newFolder, withSignature, writeEntry } from "./test-disks.ts";

async function read(disk: string) {
  return await readPartitions(await sourceOfFile(disk));
}

test.each([
  ["FAT with a table that covers the whole disk", ["--mbr=y"]],
  ["FAT", ["--mbr=n"]],
])("a disk that holds %s directly has no table", async (_name, options) => {
  const disk = join(newFolder(), "disk.img");
  writeFileSync(disk, "");
  truncateSync(disk, 8 * mebibyte);
  execFileSync("/sbin/mkfs.vfat", [...options, disk]);
  expect(await read(disk)).toBeUndefined();
});

test("an ISO that also boots as a disk has no table", async () => {
  const folder = newFolder();
  const [iso, content, efi] = ["test.iso", "content", "efi.img"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(content, "something");
  writeFileSync(efi, Buffer.alloc(mebibyte));
  for (const options of [
    ["-partition_offset", "16"],
    ["-append_partition", "2", "0xef", efi],
    ["-append_partition", "2", "0xef", efi, "-appended_part_as_gpt", "-partition_offset", "16"],
  ]) {
    const write = ["-as", "mkisofs", "-quiet", "-R", ...options, "-o", iso, content];
    execFileSync("xorriso", write, { stdio: "ignore" });
    expect(readFileSync(iso).readUInt16LE(510)).toBe(0xaa55);
    expect(await read(iso)).toBeUndefined();
  }
});

test("the table of a disk that an ISO was written to counts when a partition has the rest of the disk", async () => {
  const folder = newFolder();
  const [disk, content] = [join(folder, "disk.img"), join(folder, "content")];
  writeFileSync(content, "something");
  const write = ["-as", "mkisofs", "-quiet", "-R", "-partition_offset", "0", "-o", disk, content];
  execFileSync("xorriso", write, { stdio: "ignore" });
  truncateSync(disk, 8 * mebibyte);
  const bytes = withSignature(readFileSync(disk));
  writeEntry(bytes, 0, { type: 0x17, start: 0, sectors: 2048 });
  writeEntry(bytes, 1, { type: 0x83, start: 8192, sectors: 8192 });
  const table = await readPartitions(sourceOfBytes(bytes));
  expect(table?.partitions.map(({ number, start }) => [number, start])).toEqual([
    [1, 0],
    [2, 4 * mebibyte],
  ]);
});

test("a table that has replaced an ISO counts, though the ISO's volume is still there", async () => {
  for (const script of [logical, gpt]) {
    const disk = makeDisk(script);
    const bytes = readFileSync(disk);
    bytes.write("\x01CD001", 32_768, "latin1");
    expect(await readPartitions(sourceOfBytes(bytes))).toMatchObject({ notes: [] });
  }
});

test.each([
  ["nothing", Buffer.alloc(0)],
  ["zeros", Buffer.alloc(4096)],
  ["a signature without entries", withSignature(Buffer.alloc(4096))],
  ["marks that no entry has", withSignature(Buffer.alloc(4096, "text "))],
  ["an entry that begins after the end of the disk", withSignature(Buffer.alloc(4096), 8)],
  ["an entry that begins in the first sector", withSignature(Buffer.alloc(4096), 0)],
])("a disk with %s has no table", async (_name, bytes) => {
  expect(await readPartitions(sourceOfBytes(bytes))).toBeUndefined();
});
