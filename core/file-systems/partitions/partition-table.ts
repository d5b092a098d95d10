/** The purpose of a partition, as its table says: the file system in it may be another. */
export interface PartitionType {
  /** For people: `Linux`, `FAT32`, `EFI system`. */
  readonly name: string;
  /** As the table has it: `0x83`, or a GUID in capitals. */
  readonly code: string;
}

/** A part of a disk. Places and sizes are in bytes. */
export interface Partition {
  /** As Linux numbers it: logical partitions begin with 5. */
  readonly number: number;
  readonly start: number;
  /** As the table says, even if the disk ends before. */
  readonly size: number;
  readonly type: PartitionType;
  /** Empty without one; MBR has none. */
  readonly name: string;
  /** Marked as the one that a BIOS boots. */
  readonly isBootable: boolean;
  /** Whether it only contains the logical partitions. */
  readonly isExtended: boolean;
}

/** A part of a disk that no partition uses, in bytes. */
interface Gap {
  readonly start: number;
  readonly size: number;
}

/** How a disk is divided. */
export interface PartitionTable {
  readonly scheme: "MBR" | "GPT";
  /** In the order of their numbers. */
  readonly partitions: readonly Partition[];
  readonly gaps: readonly Gap[];
  /** Contradictions in the table, as sentences. */
  readonly notes: readonly string[];
}

/** A table as its reader finds it. */
export interface FoundTable extends Omit<PartitionTable, "gaps"> {
  /** The part of the disk that partitions may have, in bytes. */
  readonly usable: { readonly start: number; readonly end: number };
}

/** Completes a table by its gaps, and by notes on partitions that overlap or end after the disk. */
export function completeTable({ usable, ...table }: FoundTable, diskSize: number): PartitionTable {
  const notes = [...table.notes];
  const gaps: Gap[] = [];
  let { start } = usable;
  let before: Partition | undefined;
  const inOrder = table.partitions.filter(({ isExtended }) => !isExtended).sort((a, b) => a.start - b.start);
  for (const partition of inOrder) {
    const end = partition.start + partition.size;
    if (end > diskSize) notes.push(`Partition ${partition.number} ends after the end of the disk.`);
    if (before && partition.start < before.start + before.size)
      notes.push(`Partitions ${before.number} and ${partition.number} overlap.`);
    if (partition.start > start) gaps.push({ start, size: Math.min(partition.start, usable.end) - start });
    start = Math.max(start, end);
    if (!before || end > before.start + before.size) before = partition;
  }
  if (usable.end > start) gaps.push({ start, size: usable.end - start });
  return { ...table, notes, gaps: gaps.filter(({ size }) => size > 0) };
}
