import type { ByteSource } from "../byte-source.ts";
import type { FoundTable, Partition } from "./partition-table.ts";
import { mbrType } from "./partition-types.ts";

/** Bytes of a sector. A file doesn't tell how large its disk's sectors were; nearly all disks with an MBR have these. */
export const mbrSectorBytes = 512;
/** An entry of a table, with its place in sectors. */
export interface MbrEntry {
  readonly status: number;
  readonly type: number;
  readonly start: number;
  readonly sectors: number;
}

/** The type of the entry by which an MBR protects the disk of a GPT. */
export const protectiveType = 0xee;
const extendedTypes = [0x05, 0x0f, 0x85];
/** As many partitions as Linux has of a disk. */
const mostLogical = 251;

/** The four entries of a master or extended boot record; undefined if it doesn't have the signature of one. */
export function readMbrEntries(sector: Buffer): readonly MbrEntry[] | undefined {
  if (sector.length < mbrSectorBytes || sector.readUInt16LE(510) !== 0xaa55) return undefined;
  return [446, 462, 478, 494].map((at) => ({
    status: sector.readUInt8(at),
    type: sector.readUInt8(at + 4),
    start: sector.readUInt32LE(at + 8),
    sectors: sector.readUInt32LE(at + 12),
  }));
}

/** Whether an entry describes a partition. */
export function isUsed({ type, sectors }: MbrEntry): boolean {
  return type !== 0 && sectors !== 0;
}

/** Reads the partitions of an MBR, and the logical ones in its extended partitions. */
export async function readMbr(source: ByteSource, entries: readonly MbrEntry[]): Promise<FoundTable> {
  const notes: string[] = [];
  const partitions = entries.flatMap((entry, index) => (isUsed(entry) ? partition(index + 1, entry, 0) : []));
  for (const entry of entries.filter(isExtended)) {
    const next = partitions.filter(({ number }) => number > 4).length + 5;
    const { found, note } = await readLogical(source, entry, next);
    partitions.push(...found);
    if (note) notes.push(note);
  }
  return { scheme: "MBR", partitions, notes, usable: { start: mbrSectorBytes, end: source.size } };
}

/**
 * Follows the chain of an extended partition: each of its boot records has a logical partition, with a place relative to
 * the record, and the place of the next record, relative to the extended partition.
 */
async function readLogical(source: ByteSource, extended: MbrEntry, firstNumber: number) {
  const found: Partition[] = [];
  const seen = new Set<number>();
  for (let sector: number | undefined = extended.start; sector !== undefined; ) {
    if (seen.has(sector)) return { found, note: "The chain of logical partitions leads back to itself." };
    if (found.length >= mostLogical || seen.size >= mostLogical)
      return { found, note: `There are more than ${mostLogical} logical partitions; the rest is left out.` };
    seen.add(sector);
    const record = readMbrEntries(await source.read(sector * mbrSectorBytes, mbrSectorBytes));
    if (!record)
      return {
        found,
        note: `The boot record of logical partition ${firstNumber + found.length} is damaged.`,
      };
    for (const entry of record)
      if (isUsed(entry) && !isExtended(entry))
        found.push(partition(firstNumber + found.length, entry, sector));
    const link = record.find(isExtended);
    sector = link && extended.start + link.start;
  }
  return { found };
}

function isExtended(entry: MbrEntry): boolean {
  return isUsed(entry) && extendedTypes.includes(entry.type);
}

/** @param base the sector that the entry's place counts from */
function partition(number: number, entry: MbrEntry, base: number): Partition {
  return {
    number,
    start: (base + entry.start) * mbrSectorBytes,
    size: entry.sectors * mbrSectorBytes,
    type: mbrType(entry.type),
    name: "",
    isBootable: entry.status === 0x80,
    isExtended: isExtended(entry),
  };
}
