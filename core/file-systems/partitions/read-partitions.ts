import type { ByteSource } from "../byte-source.ts";
import { bootSectorBytes, readBootSector } from "../fat/boot-sector.ts";
import { readGpt } from "./gpt.ts";
import { isUsed, type MbrEntry, mbrSectorBytes, protectiveType, readMbr, readMbrEntries } from "./mbr.ts";
import { completeTable, type PartitionTable } from "./partition-table.ts";

/** The first volume descriptor of an ISO, and the bytes in it that tell so. */
const isoDescriptor = 32_768;
const isoMagic = "CD001";

/**
 * Reads the partition table of a disk; undefined if it has none. Its first sector is the beginning of a table if all of this
 * is true:
 *
 * - It ends with the signature 0x55 0xAA, and is not the boot sector of a FAT file system.
 * - Each of its four entries is marked as bootable or not bootable; no other mark exists.
 * - At least one of them is used, and each used one begins behind this sector and on the disk.
 * - The disk is not an ISO that also boots as a disk: such an ISO has a volume at its beginning, and an entry whose
 *   partition contains the volume's descriptor. The volume of an ISO that a table has replaced is in no partition.
 *
 * There is a GPT if one of the entries protects it, as Linux demands.
 *
 * @throws AppError `damaged-file-system` if there is a GPT, but it can't be read, nor its backup
 */
export async function readPartitions(source: ByteSource): Promise<PartitionTable | undefined> {
  const sector = await source.read(0, bootSectorBytes);
  const entries = readMbrEntries(sector);
  if (!entries || readBootSector(sector) || !isTable(entries, source.size)) return undefined;
  const isIso = await hasIsoVolume(source);
  const others = entries.filter(({ type }) => type !== protectiveType);
  if (isIso && others.some(({ start, sectors }) => hasDescriptor(bytesOf(start), bytesOf(sectors))))
    return undefined;
  const table = await (others.length < entries.length ? readGpt(source) : readMbr(source, entries));
  if (isIso && table.partitions.some(({ start, size }) => hasDescriptor(start, size))) return undefined;
  const hybrid = table.scheme === "GPT" && others.some(isUsed) ? [hybridNote] : [];
  return completeTable({ ...table, notes: [...hybrid, ...table.notes] }, source.size);
}

const hybridNote =
  "The disk also has an MBR with partitions (a hybrid MBR), which some systems use instead of the GPT.";

function isTable(entries: readonly MbrEntry[], diskSize: number): boolean {
  if (entries.some(({ status }) => status !== 0 && status !== 0x80)) return false;
  const used = entries.filter(isUsed);
  return used.length > 0 && used.every(({ start }) => start > 0 && bytesOf(start) < diskSize);
}

async function hasIsoVolume(source: ByteSource): Promise<boolean> {
  return (await source.read(isoDescriptor + 1, isoMagic.length)).toString("latin1") === isoMagic;
}

function hasDescriptor(start: number, size: number): boolean {
  return start <= isoDescriptor && isoDescriptor < start + size;
}

function bytesOf(sectors: number): number {
  return sectors * mbrSectorBytes;
}
