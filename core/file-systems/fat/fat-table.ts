import type { ByteSource } from "../byte-source.ts";
import { damaged } from "../damaged.ts";
import { readExactly } from "../read-exactly.ts";
import type { FatKind, FatLayout } from "./boot-sector.ts";

/** Bytes of a page of the table, and the number of pages in memory. All entries of FAT12 are in the first page. */
const pageBytes = 64 * 1024;
const mostPages = 16;
/** Entries from these on mark the end of a chain. */
const endMarks = { FAT12: 0xff8, FAT16: 0xfff8, FAT32: 0x0fff_fff8 };

/** The file allocation table: the successor of each cluster. */
export interface FatTable {
  /**
   * The cluster after another in its chain; undefined after the last one.
   *
   * @param place the file or folder of the chain, for errors
   * @throws AppError `damaged-file-system`
   */
  next(cluster: number, place: string): Promise<number | undefined>;
  /** Counts the free clusters, for which all of the table is read. */
  countFree(): Promise<number>;
}

/** Gives access to the file allocation table that is in use. */
export function createFatTable(source: ByteSource, layout: FatLayout): FatTable {
  const { kind, clusterEnd } = layout;
  const pages = new Map<number, Buffer>();
  const readPage = async (index: number) => {
    const known = pages.get(index);
    if (known) return known;
    const length = Math.min(pageBytes, layout.fatBytes - index * pageBytes);
    const offset = layout.fat + index * pageBytes;
    const page = await readExactly(source, offset, length, "the file allocation table");
    const [oldest] = pages.keys();
    if (pages.size === mostPages && oldest !== undefined) pages.delete(oldest);
    pages.set(index, page);
    return page;
  };
  const entryOf = async (cluster: number) => {
    const place = placeOf(kind, cluster);
    const index = Math.floor(place / pageBytes);
    return readEntry(kind, await readPage(index), place - index * pageBytes, cluster);
  };
  return {
    next: async (cluster, place) => {
      requireCluster(cluster, layout, place);
      const entry = await entryOf(cluster);
      return entry >= endMarks[kind] ? undefined : requireCluster(entry, layout, place);
    },
    countFree: async () => {
      let free = 0;
      for (let cluster = 2; cluster < clusterEnd; cluster++) if ((await entryOf(cluster)) === 0) free++;
      return free;
    },
  };
}

function requireCluster(cluster: number, { clusterEnd }: FatLayout, place: string): number {
  if (cluster >= 2 && cluster < clusterEnd) return cluster;
  throw damaged(`${place} names cluster ${cluster}, and the file system has clusters 2 to ${clusterEnd - 1}`);
}

function placeOf(kind: FatKind, cluster: number): number {
  if (kind === "FAT12") return Math.floor(cluster * 1.5);
  return cluster * (kind === "FAT16" ? 2 : 4);
}

function readEntry(kind: FatKind, page: Buffer, at: number, cluster: number): number {
  if (kind === "FAT32") return page.readUInt32LE(at) & 0x0fff_ffff;
  const pair = page.readUInt16LE(at);
  if (kind === "FAT16") return pair;
  return cluster % 2 === 0 ? pair & 0xfff : pair >> 4;
}
