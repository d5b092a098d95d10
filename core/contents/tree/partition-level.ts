import type { DiskPart } from "../../../shared/contents/folder-content.ts";
import { type ByteSource, sliceSource } from "../../file-systems/byte-source.ts";
import type { FileSystem } from "../../file-systems/file-system.ts";
import type { PartitionTable } from "../../file-systems/partitions/partition-table.ts";
import { readPartitions } from "../../file-systems/partitions/read-partitions.ts";
import { listFiles } from "./listed-files.ts";

/** The partitions of a disk as files: `partition1`, as Linux numbers them. @returns undefined if the disk has none */
export async function openPartitions(disk: ByteSource): Promise<FileSystem | undefined> {
  const table = await readPartitions(disk);
  if (!table) return undefined;
  const files = table.partitions
    .filter(({ isExtended }) => !isExtended)
    .map(({ number, start, size }) => ({
      name: nameOf(number),
      allocated: size,
      source: sliceSource(disk, start, size),
    }));
  return { ...listFiles(table.scheme, files, table.notes), size: disk.size, parts: partsOf(table) };
}

function nameOf(partition: number): string {
  return `partition${partition}`;
}

/** Partitions and gaps in the order of their places. */
function partsOf({ partitions, gaps }: PartitionTable): readonly DiskPart[] {
  const named = partitions
    .filter(({ isExtended }) => !isExtended)
    .map(({ number, start, size, type }) => ({ offset: start, size, name: nameOf(number), type: type.name }));
  const free = gaps.map(({ start, size }) => ({ offset: start, size }));
  return [...named, ...free].sort((one, other) => one.offset - other.offset);
}
