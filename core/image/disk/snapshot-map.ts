import type { FileHandle } from "node:fs/promises";
import { AppError } from "../../../shared/errors/errors.ts";
import { invalidArchive } from "../image-errors.ts";
import type { LayerPart } from "./layer-map.ts";

/** The bytes of its disk that a layer decided at a moment which QEMU has kept in it. */
export interface LayerSnapshot {
  /** Bytes of the disk. */
  readonly size: number;
  /** In ascending order. */
  readonly parts: readonly LayerPart[];
}

/** Places of the header's fields, in bytes: see QEMU's docs/interop/qcow2.txt. */
const header = {
  length: 104,
  version: 4,
  clusterBits: 20,
  snapshots: 60,
  snapshotsAt: 64,
  features: 72,
} as const;
/** Of an entry in the table of snapshots. */
const entry = {
  length: 40,
  tableAt: 0,
  tableSize: 8,
  idSize: 12,
  nameSize: 14,
  extraSize: 36,
  extraDiskSize: 8,
} as const;

/** Bits of a cluster's number in its size: those of all layers that Tinsmith makes. */
const clusterBits = 16;
const clusterSize = 2 ** clusterBits;
const extendedEntries = 1 << 4;
/** Bytes of an entry in the tables of clusters, and the clusters that one table has. */
const pointerSize = 8;
const clustersOfTable = clusterSize / pointerSize;
/** Entries that are read of the table of snapshots, far more than a virtual machine has. */
const mostSnapshots = 1000;
/** Bytes of an entry, of which its names and extra data have a few. */
const mostEntryBytes = 4096;

/** The bits of a pointer: a place in the file, and what is there. */
const placeBits = 0x00ff_ffff_ffff_fe00n;
const isCompressed = 1n << 62n;
const isZero = 1n;

/**
 * Finds out which bytes of its disk a layer decided at a moment that QEMU has kept in it. QEMU may have the layer open, and write to
 * it: it never changes what belongs to such a moment, until the moment is deleted.
 *
 * @param tag QEMU's name for the moment
 * @param largest bytes that the disk may have
 * @throws AppError `missing-file` if there is none of that name; `invalid-archive` for a layer that QEMU has not written so
 */
export async function mapSnapshot(layer: FileHandle, tag: string, largest: number): Promise<LayerSnapshot> {
  const start = await readAt(layer, 0, header.length);
  if (start.readUInt32BE(header.version) !== 3 || start.readUInt32BE(header.clusterBits) !== clusterBits)
    throw refusal("its clusters are not those of a layer of Tinsmith's");
  if ((Number(start.readBigUInt64BE(header.features) & 0xffn) & extendedEntries) !== 0)
    throw refusal("its clusters have parts");
  const found = await findSnapshot(layer, start, tag);
  if (found.size > largest) throw refusal(`its disk has ${found.size} bytes`);
  const tables = Math.min(found.tables, Math.ceil(found.size / (clusterSize * clustersOfTable)));
  const pointers = await readAt(layer, found.tablesAt, tables * pointerSize);
  const parts: LayerPart[] = [];
  for (let table = 0; table < tables; table++) {
    const at = Number(pointers.readBigUInt64BE(table * pointerSize) & placeBits);
    if (at === 0) continue;
    const clusters = await readAt(layer, at, clusterSize);
    for (let index = 0; index < clustersOfTable; index++) {
      const position = (table * clustersOfTable + index) * clusterSize;
      if (position >= found.size) break;
      addCluster(
        parts,
        position,
        Math.min(clusterSize, found.size - position),
        clusters.readBigUInt64BE(index * pointerSize),
      );
    }
  }
  return { size: found.size, parts };
}

/** Adds what a pointer says of a cluster, joined to the part before it where it continues that. */
function addCluster(parts: LayerPart[], start: number, length: number, pointer: bigint): void {
  if ((pointer & isCompressed) !== 0n)
    throw refusal("it has data that QEMU compresses, which no guest writes");
  const place = Number(pointer & placeBits);
  const isHole = (pointer & isZero) !== 0n;
  if (place === 0 && !isHole) return;
  const offset = isHole ? undefined : place;
  const last = parts.at(-1);
  const continues =
    last &&
    last.start + last.length === start &&
    (offset === undefined
      ? last.offset === undefined
      : last.offset !== undefined && last.offset + last.length === offset);
  if (continues) parts[parts.length - 1] = { ...last, length: last.length + length };
  else parts.push({ start, length, offset });
}

interface FoundSnapshot {
  readonly size: number;
  /** The table of the tables of clusters: its place, and its entries. */
  readonly tablesAt: number;
  readonly tables: number;
}

async function findSnapshot(layer: FileHandle, start: Buffer, tag: string): Promise<FoundSnapshot> {
  const count = Math.min(mostSnapshots, start.readUInt32BE(header.snapshots));
  let at = Number(start.readBigUInt64BE(header.snapshotsAt));
  for (let index = 0; index < count; index++) {
    const bytes = await readAt(layer, at, entry.length);
    const extraSize = bytes.readUInt32BE(entry.extraSize);
    const [idSize, nameSize] = [bytes.readUInt16BE(entry.idSize), bytes.readUInt16BE(entry.nameSize)];
    const length = extraSize + idSize + nameSize;
    if (length > mostEntryBytes) throw refusal("an entry of its moments is too long");
    const rest = await readAt(layer, at + entry.length, length);
    if (rest.toString("utf8", extraSize + idSize) === tag) {
      if (extraSize < entry.extraDiskSize + 8) throw refusal("a moment in it has no size");
      return {
        size: Number(rest.readBigUInt64BE(entry.extraDiskSize)),
        tablesAt: Number(bytes.readBigUInt64BE(entry.tableAt)),
        tables: bytes.readUInt32BE(entry.tableSize),
      };
    }
    at += Math.ceil((entry.length + length) / 8) * 8;
  }
  throw new AppError({
    code: "missing-file",
    message: `the disk has no moment ${JSON.stringify(tag)} any more`,
    advice: "List the checkpoints with tinsmith checkpoint list.",
  });
}

/** @throws AppError `invalid-archive` where the file ends before */
async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  if (!Number.isSafeInteger(position)) throw refusal("it names a place outside of it");
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  if (bytesRead < length) throw refusal("it ends before its tables do");
  return buffer;
}

function refusal(reason: string): AppError {
  return invalidArchive(`layer.qcow2: ${reason}`);
}
