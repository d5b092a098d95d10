import type { DiskPart } from "../../../shared/contents/folder-content.ts";
import { type ByteSource, sliceSource } from "../../file-systems/byte-source.ts";
import type { FileSystem } from "../../file-systems/file-system.ts";
import { hasIsoVolume, isoFormat } from "../../file-systems/iso/volume.ts";
import { readPartitions } from "../../file-systems/partitions/read-partitions.ts";
import { listFiles } from "./listed-files.ts";

/**
 * The partitions of a disk as files: `partition1`, as Linux numbers them. A disk that was made from an ISO marks the ISO as something
 * that other systems leave alone, such as a hidden NTFS: its type is told by what it is.
 *
 * @returns its parts in the order of their places; undefined if the disk has none
 */
export async function openPartitions(disk: ByteSource): Promise<FileSystem | undefined> {
  const table = await readPartitions(disk);
  if (!table) return undefined;
  const { scheme, notes, gaps } = table;
  const partitions = table.partitions
    .filter(({ isExtended }) => !isExtended)
    .map(({ number, start, size, type }) => ({
      ...{ name: `partition${number}`, offset: start, size, allocated: size, type: type.name },
      source: sliceSource(disk, start, size),
    }));
  const parts: DiskPart[] = gaps.map(({ start, size }) => ({ offset: start, size }));
  for (const { name, offset, size, type, source } of partitions)
    parts.push({ offset, size, name, type: (await hasIsoVolume(source)) ? isoFormat : type });
  parts.sort((one, other) => one.offset - other.offset);
  return { ...listFiles(scheme, partitions, notes), size: disk.size, parts };
}
