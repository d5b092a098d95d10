import type { ByteSource } from "../byte-source.ts";
import { damaged } from "../damaged.ts";
import { readExactly } from "../read-exactly.ts";
import type { FatLayout } from "./boot-sector.ts";
import type { FatTable } from "./fat-table.ts";

interface FatContent {
  readonly firstCluster: number;
  /** Bytes. */
  readonly size: number;
  /** The file, for errors. */
  readonly place: string;
}

/**
 * Opens the content of a file. Its chain of clusters is read to its end, so that one that is too short, too long or leads back
 * to itself is found before any content is used. It takes 4 bytes of memory for a cluster.
 *
 * @throws AppError `damaged-file-system`
 */
export async function openContent(
  source: ByteSource,
  layout: FatLayout,
  table: FatTable,
  { firstCluster, size, place }: FatContent,
): Promise<ByteSource> {
  const { clusterBytes } = layout;
  if (size === 0) return { size, read: async () => Buffer.alloc(0) };
  const clusters = await readChain(layout, table, { firstCluster, size, place });
  const read = async (offset: number, length: number) => {
    const end = Math.min(size, offset + length);
    const parts: Buffer[] = [];
    for (let at = offset; at < end; ) {
      const index = Math.floor(at / clusterBytes);
      const neighbours = countNeighbours(clusters, index, Math.ceil(end / clusterBytes));
      const bytes = Math.min(end, (index + neighbours) * clusterBytes) - at;
      const start = placeOfCluster(layout, clusters[index] ?? 0) + (at - index * clusterBytes);
      parts.push(await readExactly(source, start, bytes, place));
      at += bytes;
    }
    return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
  };
  return { size, read };
}

/** The first byte of a cluster. */
export function placeOfCluster({ data, clusterBytes }: FatLayout, cluster: number): number {
  return data + (cluster - 2) * clusterBytes;
}

async function readChain(
  { clusterBytes, clusterEnd }: FatLayout,
  table: FatTable,
  { firstCluster, size, place }: FatContent,
): Promise<Uint32Array> {
  const count = Math.ceil(size / clusterBytes);
  if (count > clusterEnd - 2) throw damaged(`${place} is larger than its file system: it has ${size} bytes`);
  const clusters = new Uint32Array(count);
  let cluster: number | undefined = firstCluster;
  for (let index = 0; index < count; index++) {
    if (cluster === undefined) throw damaged(`${place} has ${size} bytes, but only ${index} clusters`);
    clusters[index] = cluster;
    cluster = await table.next(cluster, place);
  }
  if (cluster !== undefined)
    throw damaged(`${place} has ${size} bytes, but more than ${count} clusters, or its clusters form a loop`);
  return clusters;
}

/** How many clusters follow each other on the disk, from one of a file on. */
function countNeighbours(clusters: Uint32Array, from: number, end: number): number {
  let count = 1;
  while (from + count < end && clusters[from + count] === (clusters[from] ?? 0) + count) count++;
  return count;
}
