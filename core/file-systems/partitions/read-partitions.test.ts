import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { crc32 } from "node:zlib";
import { expect, test } from "vitest";
import { expectBounded } from "../test-fuzz.ts";
import { sourceOfBytes, sourceOfFile } from "../test-source.ts";
import { readPartitions } from "./read-partitions.ts";
import { diskSize, gpt, logical, makeDisk, mebibyte, withSignature, writeEntry } from "./test-disks.ts";

/** The partitions as sfdisk reads them. */
function truthOf(disk: string) {
  const { partitiontable } = JSON.parse(execFileSync("/sbin/sfdisk", ["--json", disk], { encoding: "utf8" }));
  return partitiontable.partitions.map(
    (one: {
      node: string;
      start: number;
      size: number;
      type: string;
      name?: string;
      bootable?: boolean;
      attrs?: string;
    }) => ({
      number: Number(/\d+$/.exec(one.node)?.[0]),
      start: one.start * 512,
      size: one.size * 512,
      code: partitiontable.label === "gpt" ? one.type : `0x${one.type.padStart(2, "0")}`,
      name: one.name ?? "",
      isBootable: one.bootable ?? one.attrs === "LegacyBIOSBootable",
    }),
  );
}

async function read(disk: string) {
  return await readPartitions(await sourceOfFile(disk));
}

/** The same of a table that was read. */
function comparable(table: Awaited<ReturnType<typeof read>>) {
  return table?.partitions.map(({ number, start, size, type, name, isBootable }) => ({
    ...{ number, start, size, code: type.code, name, isBootable },
  }));
}

test.each([
  ["an MBR with logical partitions", logical],
  ["a GPT", gpt],
])("%s is read as sfdisk reads it", async (_name, script) => {
  const disk = makeDisk(script);
  const table = await read(disk);
  expect(comparable(table)).toEqual(truthOf(disk));
  expect(table?.notes).toEqual([]);
});

test("types have names, and their codes", async () => {
  const mbr = await read(makeDisk(logical));
  expect(mbr).toMatchObject({ scheme: "MBR" });
  expect(mbr?.partitions.map(({ type }) => type.name)).toEqual([
    "Linux",
    "FAT32",
    "Extended",
    "Linux swap",
    "Linux",
    "EFI system",
  ]);
  expect(mbr?.partitions.filter(({ isExtended }) => isExtended)).toMatchObject([{ number: 4 }]);
  const table = await read(makeDisk(gpt));
  expect(table).toMatchObject({ scheme: "GPT" });
  expect(table?.partitions.map(({ type }) => type.name)).toEqual([
    "EFI system",
    "Linux",
    "Linux swap",
    "Unknown type",
  ]);
});

test.each([
  ["MBR", logical, 512, diskSize],
  ["GPT", gpt, 34 * 512, diskSize - 33 * 512],
])("partitions and gaps of %s fill the disk once", async (_scheme, script, start, end) => {
  const table = await read(makeDisk(script));
  const parts = [
    ...(table?.partitions.filter(({ isExtended }) => !isExtended) ?? []),
    ...(table?.gaps ?? []),
  ].sort((a, b) => a.start - b.start);
  let at = parts[0]?.start;
  expect(at).toBeLessThanOrEqual(mebibyte);
  expect(at).toBeGreaterThanOrEqual(start);
  for (const part of parts) {
    expect(part.start).toBe(at);
    at = part.start + part.size;
  }
  expect(at).toBeGreaterThan(end - mebibyte);
  expect(at).toBeLessThanOrEqual(end);
});

test.each([
  ["header", 512],
  ["entries", 1024],
])("the backup of a GPT replaces one whose %s are damaged, with a note", async (_what, place) => {
  const disk = makeDisk(gpt);
  const expected = truthOf(disk);
  const bytes = readFileSync(disk);
  bytes[place + 60] = 0xaa;
  const table = await readPartitions(sourceOfBytes(bytes));
  expect(comparable(table)).toEqual(expected);
  expect(table?.notes).toEqual([expect.stringContaining("its backup")]);
});

test("a GPT that is damaged at both ends is an error", async () => {
  const bytes = readFileSync(makeDisk(gpt));
  bytes.fill(0, 512, 1024).fill(0, bytes.length - 512);
  await expect(readPartitions(sourceOfBytes(bytes))).rejects.toMatchObject({
    code: "damaged-file-system",
    message: "the partition table (GPT) and its backup at the end of the disk are damaged",
  });
});

test("a hybrid MBR is a GPT with a note", async () => {
  const bytes = readFileSync(makeDisk(gpt));
  writeEntry(bytes, 1, { type: 0x83, start: 16_384, sectors: 8192 });
  const table = await readPartitions(sourceOfBytes(bytes));
  expect(table).toMatchObject({ scheme: "GPT", notes: [expect.stringContaining("hybrid MBR")] });
});

test("without its protective MBR, the rest of a GPT is not used", async () => {
  const bytes = readFileSync(makeDisk(gpt));
  writeEntry(bytes, 0, { type: 0x83, start: 2048, sectors: 8192 });
  expect(await readPartitions(sourceOfBytes(bytes))).toMatchObject({
    scheme: "MBR",
    partitions: [{ number: 1, type: { name: "Linux" } }],
  });
});

test("a GPT in sectors of 4096 bytes is read", async () => {
  const table = await readPartitions(sourceOfBytes(gptOf(4096)));
  expect(table).toMatchObject({
    scheme: "GPT",
    partitions: [{ number: 2, start: 6 * 4096, size: 3 * 4096, name: "data", type: { name: "Linux" } }],
    gaps: [
      { start: 5 * 4096, size: 4096 },
      { start: 9 * 4096, size: 6 * 4096 },
    ],
  });
});

test("a chain of logical partitions that leads back to itself ends, with a note", async () => {
  const disk = makeDisk(logical);
  const bytes = readFileSync(disk);
  const expected = comparable(await readPartitions(sourceOfBytes(bytes)));
  // The last record's link leads to the first record.
  const last = lastRecordOf(bytes, 20_480);
  writeEntry(bytes.subarray(last * 512), 1, { type: 5, start: 0, sectors: 4096 });
  const table = await readPartitions(sourceOfBytes(bytes));
  expect(comparable(table)).toEqual(expected);
  expect(table?.notes).toEqual(["The chain of logical partitions leads back to itself."]);
});

test("a chain of logical partitions without an end has a limit", async () => {
  const bytes = Buffer.alloc(1000 * 512);
  const sign = (sector: number) => bytes.writeUInt16LE(0xaa55, sector * 512 + 510);
  sign(0);
  writeEntry(bytes, 0, { type: 5, start: 1, sectors: 999 });
  for (let sector = 1; sector < 999; sector++) {
    sign(sector);
    writeEntry(bytes.subarray(sector * 512), 0, { type: 0x83, start: 1, sectors: 1 });
    writeEntry(bytes.subarray(sector * 512), 1, { type: 5, start: sector, sectors: 1 });
  }
  const table = await readPartitions(sourceOfBytes(bytes));
  expect(table?.partitions).toHaveLength(252);
  expect(table?.notes).toContain("There are more than 251 logical partitions; the rest is left out.");
});

test("partitions that overlap or end after the disk have notes", async () => {
  const bytes = Buffer.alloc(100 * 512);
  bytes.writeUInt16LE(0xaa55, 510);
  writeEntry(bytes, 0, { type: 0x83, start: 10, sectors: 20 });
  writeEntry(bytes, 2, { type: 0x83, start: 25, sectors: 100 });
  const table = await readPartitions(sourceOfBytes(bytes));
  expect(table?.notes).toEqual(
    ["Partitions 1 and 3 overlap.", "Partition 3 ends after the end of the disk."].reverse(),
  );
  expect(table?.gaps).toEqual([{ start: 512, size: 9 * 512 }]);
});

/** The first sectors, and the first boot record of the extended partition. */
const damagedPlaces = [
  [446, 66],
  [512, 1024],
  [20_480 * 512 + 446, 66],
] as const;

test.each([
  ["MBR", logical],
  ["GPT", gpt],
])("a damaged %s never keeps its reader busy", async (_scheme, script) => {
  const image = readFileSync(makeDisk(script));
  await expectBounded({ image, places: damagedPlaces, mostReads: 1100, use: readPartitions });
});

/** The sector of the last boot record in the chain of an extended partition. */
function lastRecordOf(bytes: Buffer, extended: number): number {
  let sector = extended;
  while (bytes.readUInt32LE(sector * 512 + 462 + 12) !== 0)
    sector = extended + bytes.readUInt32LE(sector * 512 + 462 + 8);
  return sector;
}

/** A disk of 16 sectors, with a GPT of one entry, number 2, and its protective MBR. */
function gptOf(sectorBytes: number): Buffer {
  const disk = Buffer.alloc(16 * sectorBytes);
  withSignature(disk);
  writeEntry(disk, 0, { type: 0xee, start: 1, sectors: 15 });
  const entries = disk.subarray(2 * sectorBytes, 2 * sectorBytes + 4 * 128);
  Buffer.from("af3dc60f838472478e793d69d8477de4", "hex").copy(entries, 128);
  entries.writeBigUInt64LE(6n, 128 + 32);
  entries.writeBigUInt64LE(8n, 128 + 40);
  entries.write("data", 128 + 56, "utf16le");
  const header = disk.subarray(sectorBytes, sectorBytes + 92);
  header.write("EFI PART", "latin1");
  header.writeUInt32LE(92, 12);
  for (const [place, value] of [
    [24, 1n],
    [32, 15n],
    [40, 5n],
    [48, 14n],
    [72, 2n],
  ] as const)
    header.writeBigUInt64LE(value, place);
  header.writeUInt32LE(4, 80);
  header.writeUInt32LE(128, 84);
  header.writeUInt32LE(crc32(entries), 88);
  header.writeUInt32LE(crc32(header), 16);
  return disk;
}
