import { crc32 } from "node:zlib";
import type { ByteSource } from "../byte-source.ts";
import { damaged } from "../damaged.ts";
import type { FoundTable, Partition } from "./partition-table.ts";
import { gptType } from "./partition-types.ts";

/** Bytes of a header's fields (UEFI 2.10, 5.3.2). */
const headerBytes = 92;
/** Sectors beyond that, no disk has; with it, all places in bytes are exact numbers. */
const mostSectors = 2 ** 40;
/** Bytes of all entries: 128 entries have 16 KiB. */
const mostTableBytes = 2 ** 20;

interface Header {
  readonly sectorBytes: number;
  /** Sector of the other header. */
  readonly other: number;
  readonly firstUsable: number;
  readonly lastUsable: number;
  readonly table: number;
  readonly entries: number;
  readonly entryBytes: number;
  readonly tableChecksum: number;
}

/**
 * Reads a GPT (UEFI 2.10, 5.3), from its backup if the first one is damaged. The size of a sector is the one at which the
 * header is found.
 *
 * @throws AppError `damaged-file-system` if the backup is damaged, too
 */
export async function readGpt(source: ByteSource): Promise<FoundTable> {
  for (const sectorBytes of [512, 4096]) {
    const first = await readHeader(source, sectorBytes, 1);
    const table = first && (await readTable(source, first));
    if (table) return table;
    for (const sector of new Set([first?.other, Math.floor(source.size / sectorBytes) - 1])) {
      const backup = sector === undefined ? undefined : await readHeader(source, sectorBytes, sector);
      const found = backup && (await readTable(source, backup));
      if (found) return { ...found, notes: [backupNote, ...found.notes] };
    }
  }
  throw damaged("the partition table (GPT) and its backup at the end of the disk are damaged");
}

const backupNote =
  "The partition table (GPT) is damaged; Tinsmith has read its backup at the end of the disk.";

/** Reads a header; undefined if it is none, or damaged. */
async function readHeader(
  source: ByteSource,
  sectorBytes: number,
  sector: number,
): Promise<Header | undefined> {
  if (sector < 1) return undefined;
  const bytes = await source.read(sector * sectorBytes, sectorBytes);
  if (bytes.length < sectorBytes || bytes.toString("latin1", 0, 8) !== "EFI PART") return undefined;
  const length = bytes.readUInt32LE(12);
  if (length < headerBytes || length > sectorBytes) return undefined;
  const checked = Buffer.from(bytes.subarray(0, length));
  checked.writeUInt32LE(0, 16);
  if (crc32(checked) !== bytes.readUInt32LE(16) || Number(bytes.readBigUInt64LE(24)) !== sector)
    return undefined;
  const [other, firstUsable, lastUsable, table] = [32, 40, 48, 72].map((at) =>
    Number(bytes.readBigUInt64LE(at)),
  ) as [number, number, number, number];
  const [entries, entryBytes, tableChecksum] = [80, 84, 88].map((at) => bytes.readUInt32LE(at)) as [
    number,
    number,
    number,
  ];
  if (entryBytes < 128 || entries * entryBytes > mostTableBytes) return undefined;
  if ([other, firstUsable, lastUsable, table].some((place) => place > mostSectors)) return undefined;
  return { sectorBytes, other, firstUsable, lastUsable, table, entries, entryBytes, tableChecksum };
}

/** Reads the entries of a header; undefined if they are damaged. */
async function readTable(source: ByteSource, header: Header): Promise<FoundTable | undefined> {
  const { sectorBytes, entries, entryBytes } = header;
  const bytes = await source.read(header.table * sectorBytes, entries * entryBytes);
  if (bytes.length < entries * entryBytes || crc32(bytes) !== header.tableChecksum) return undefined;
  const partitions: Partition[] = [];
  const notes: string[] = [];
  for (let index = 0; index < entries; index++) {
    const entry = bytes.subarray(index * entryBytes, (index + 1) * entryBytes);
    if (entry.subarray(0, 16).every((byte) => byte === 0)) continue;
    const found = readEntry(entry, index + 1, sectorBytes);
    if (found) partitions.push(found);
    else notes.push(`Partition ${index + 1} has an impossible place, and is left out.`);
  }
  const usable = { start: header.firstUsable * sectorBytes, end: (header.lastUsable + 1) * sectorBytes };
  return { scheme: "GPT", partitions, notes, usable };
}

function readEntry(entry: Buffer, number: number, sectorBytes: number): Partition | undefined {
  const [first, last] = [32, 40].map((at) => Number(entry.readBigUInt64LE(at))) as [number, number];
  if (first < 1 || last < first || last > mostSectors) return undefined;
  return {
    number,
    start: first * sectorBytes,
    size: (last - first + 1) * sectorBytes,
    type: gptType(readGuid(entry)),
    name: (entry.toString("utf16le", 56, 128).split("\0")[0] ?? "").toWellFormed(),
    // Bit 2: "legacy BIOS bootable".
    isBootable: ((entry[48] ?? 0) & 4) !== 0,
    isExtended: false,
  };
}

/** A GUID in its usual spelling; its first three fields are little-endian. */
function readGuid(bytes: Buffer): string {
  const hex = (from: number, to: number) => bytes.toString("hex", from, to);
  const swapped = (from: number, to: number) =>
    Buffer.from(bytes.subarray(from, to)).reverse().toString("hex");
  return [swapped(0, 4), swapped(4, 6), swapped(6, 8), hex(8, 10), hex(10, 16)].join("-").toUpperCase();
}
