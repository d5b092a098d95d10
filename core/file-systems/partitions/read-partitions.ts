import type { ByteSource } from "../byte-source.ts";
import { bootSectorBytes, readBootSector } from "../fat/boot-sector.ts";
import { readGpt } from "./gpt.ts";
import { isUsed, type MbrEntry, mbrSectorBytes, protectiveType, readMbr, readMbrEntries } from "./mbr.ts";
import { completeTable, type PartitionTable } from "./partition-table.ts";

/** The first volume descriptor of an ISO, and the bytes in it that tell so. */
const isoDescriptor = 32_768;
const isoMagic = "CD001";
/** The type of a partition for UEFI, which an ISO may have behind its volume. */
const efiType = 0xef;

/**
 * Reads the partition table of a disk; undefined if it has none. Its first sector is the beginning of a table if all of this
 * is true:
 *
 * - It ends with the signature 0x55 0xAA, and is not the boot sector of a FAT file system.
 * - Each of its four entries is marked as bootable or not bootable; no other mark exists.
 * - At least one of them is used, and each used one begins on the disk; behind this sector, unless it contains an ISO's volume.
 * - The disk is not an ISO that also boots as a disk: such an ISO has a volume at its beginning, and an entry whose
 *   partition contains the volume's descriptor. The volume of an ISO that a table has replaced is in no partition. If a
 *   partition other than EFI's begins behind the volume, somebody has written the ISO to a disk, and used the rest of it.
 *
 * There is a GPT if one of the entries protects it, as Linux demands.
 *
 * @throws AppError `damaged-file-system` if there is a GPT, but it can't be read, nor its backup
 */
export async function readPartitions(source: ByteSource): Promise<PartitionTable | undefined> {
  const sector = await source.read(0, bootSectorBytes);
  const entries = readMbrEntries(sector);
  if (!entries || readBootSector(sector)) return undefined;
  const isoBytes = await sizeOfIso(source);
  if (!isTable(entries, isoBytes, source.size)) return undefined;
  const isIso =
    isoBytes !== undefined &&
    entries.every(({ type, start }) => type === efiType || bytesOf(start) < isoBytes);
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

function isTable(entries: readonly MbrEntry[], isoBytes: number | undefined, diskSize: number): boolean {
  if (entries.some(({ status }) => status !== 0 && status !== 0x80)) return false;
  const used = entries.filter(isUsed);
  const isPlaced = ({ start }: MbrEntry) =>
    (start > 0 || isoBytes !== undefined) && bytesOf(start) < diskSize;
  return used.length > 0 && used.every(isPlaced);
}

/** Bytes of the ISO's volume at the beginning of a disk; undefined if there is none. ECMA-119, 8.4. */
async function sizeOfIso(source: ByteSource): Promise<number | undefined> {
  const descriptor = await source.read(isoDescriptor, 132);
  if (descriptor.length < 132 || descriptor.toString("latin1", 1, 6) !== isoMagic) return undefined;
  return descriptor.readUInt32LE(80) * descriptor.readUInt16LE(128);
}

function hasDescriptor(start: number, size: number): boolean {
  return start <= isoDescriptor && isoDescriptor < start + size;
}

function bytesOf(sectors: number): number {
  return sectors * mbrSectorBytes;
}
