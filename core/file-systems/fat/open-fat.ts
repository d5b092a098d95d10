import { AppError } from "../../../shared/errors/errors.ts";
import { stripControls } from "../../../shared/text/strip-controls.ts";
import type { ByteSource } from "../byte-source.ts";
import { damaged } from "../damaged.ts";
import type { FileEntry, FileSystem } from "../file-system.ts";
import { readExactly } from "../read-exactly.ts";
import { bootSectorBytes, type FatLayout, readBootSector } from "./boot-sector.ts";
import { decodeCodePage } from "./code-page-437.ts";
import {
  entryBytes,
  firstClusterOf,
  labelOf,
  modifiedOf,
  nameOf,
  purposeOf,
  shortName,
  sizeOf,
} from "./directory-entry.ts";
import { openContent, placeOfCluster } from "./fat-content.ts";
import { createFatTable, type FatTable } from "./fat-table.ts";
import { createLongNames } from "./long-name.ts";

/** Bytes of the largest folder: 65,536 entries. */
const mostFolderBytes = 65_536 * entryBytes;

/** A folder to read: the first of its clusters, or 0 for the root of FAT12 and FAT16. */
interface Folder {
  readonly firstCluster: number;
  /** For errors. */
  readonly place: string;
}

/** An entry of a folder, with its place on the disk. */
interface RawEntry {
  readonly bytes: Buffer;
  readonly position: number;
}

/**
 * Opens a FAT12, FAT16 or FAT32 file system. It has neither owners, modes, links nor devices. Its folders have no size.
 * Names are in UTF-8.
 *
 * Inodes: that of a folder is its first cluster, so that a folder in itself can be recognized; that of a file is the place
 * of its entry.
 */
export async function openFat(source: ByteSource): Promise<FileSystem | undefined> {
  const layout = readBootSector(await source.read(0, bootSectorBytes));
  if (!layout) return undefined;
  const table = createFatTable(source, layout);
  const { kind, clusterEnd } = layout;
  const rootFolder = { firstCluster: layout.rootCluster, place: "the root folder" };
  const firstClusters = new WeakMap<FileEntry, number>();
  const shortNames = new WeakMap<FileEntry, string>();
  const entryOf = (raw: RawEntry, isFolder: boolean, longName: string | undefined): FileEntry => {
    const firstCluster = firstClusterOf(raw.bytes, kind === "FAT32");
    const size = isFolder ? 0 : sizeOf(raw.bytes);
    const entry: FileEntry = {
      ...{ ...withoutOwner, size },
      name: nameOf(raw.bytes, longName),
      kind: isFolder ? "folder" : "file",
      inode: isFolder && firstCluster !== 0 ? firstCluster : clusterEnd + raw.position / entryBytes,
      modified: modifiedOf(raw.bytes),
      allocated: Math.ceil(size / layout.clusterBytes) * layout.clusterBytes,
    };
    firstClusters.set(entry, firstCluster);
    shortNames.set(entry, shortName(raw.bytes));
    return entry;
  };
  const root: FileEntry = {
    ...{ ...withoutOwner, size: 0, allocated: 0, modified: undefined },
    name: Buffer.alloc(0),
    kind: "folder",
    inode: rootFolder.firstCluster,
  };
  firstClusters.set(root, rootFolder.firstCluster);
  return {
    format: kind,
    label: (await findLabel(source, layout, table, rootFolder)) ?? bootLabel(layout),
    size: layout.size,
    used: await countUsed(source, layout, table),
    notes: notesOf(source, layout),
    root,
    list: async function* (entry) {
      const firstCluster = firstClusters.get(entry) ?? 0;
      if (firstCluster === 0 && entry !== root) throw damaged(`${placeOf(entry)} has no clusters`);
      const folder = entry === root ? rootFolder : { firstCluster, place: placeOf(entry) };
      const longNames = createLongNames();
      for await (const raw of readEntries(source, layout, table, folder)) {
        const purpose = purposeOf(raw.bytes);
        if (purpose === "long name") longNames.add(raw.bytes);
        else if (purpose === "file" || purpose === "folder")
          yield entryOf(raw, purpose === "folder", longNames.take(raw.bytes));
        else longNames.clear();
      }
    },
    open: async (entry) =>
      await openContent(source, layout, table, {
        firstCluster: firstClusters.get(entry) ?? 0,
        size: entry.size,
        place: placeOf(entry),
      }),
    answersTo: (entry, name) => {
      const wanted = upperCase(name.toString());
      return [entry.name.toString(), shortNames.get(entry) ?? ""].map(upperCase).includes(wanted);
    },
  };
}

/** FAT has one letter for each: a German sharp s stays as it is. */
function upperCase(text: string): string {
  return text.replace(/./gsu, (letter) => {
    const upper = letter.toUpperCase();
    return upper.length === letter.length ? upper : letter;
  });
}

const withoutOwner = { links: 1, mode: undefined, uid: undefined, gid: undefined } as const;

function placeOf({ kind, name }: FileEntry): string {
  return `the ${kind} ${JSON.stringify(name.toString())}`;
}

/** Reads the entries of a folder, up to the mark of its end. */
async function* readEntries(
  source: ByteSource,
  layout: FatLayout,
  table: FatTable,
  folder: Folder,
): AsyncGenerator<RawEntry> {
  for await (const { position, bytes } of readPieces(source, layout, table, folder))
    for (let at = 0; at + entryBytes <= bytes.length; at += entryBytes) {
      const entry = { bytes: bytes.subarray(at, at + entryBytes), position: position + at };
      if (purposeOf(entry.bytes) === "end") return;
      yield entry;
    }
}

/** Reads the content of a folder. It has no size: it ends with its last cluster. */
async function* readPieces(
  source: ByteSource,
  layout: FatLayout,
  table: FatTable,
  { firstCluster, place }: Folder,
): AsyncGenerator<RawEntry> {
  if (firstCluster === 0 && layout.kind !== "FAT32") {
    const { start, size } = layout.root;
    return yield { position: start, bytes: await readExactly(source, start, size, place) };
  }
  const seen = new Set<number>();
  for (let cluster: number | undefined = firstCluster; cluster !== undefined; ) {
    if (seen.has(cluster)) throw damaged(`the clusters of ${place} form a loop`);
    seen.add(cluster);
    if ((seen.size - 1) * layout.clusterBytes >= mostFolderBytes)
      throw damaged(`${place} has more than 65,536 entries`);
    // Checked before its content is read.
    const next: number | undefined = await table.next(cluster, place);
    const position = placeOfCluster(layout, cluster);
    yield { position, bytes: await readExactly(source, position, layout.clusterBytes, place) };
    cluster = next;
  }
}

/** The label in the root folder; undefined without one. */
async function findLabel(
  source: ByteSource,
  layout: FatLayout,
  table: FatTable,
  root: Folder,
): Promise<string | undefined> {
  try {
    for await (const { bytes } of readEntries(source, layout, table, root))
      if (purposeOf(bytes) === "label") return stripControls(labelOf(bytes));
  } catch (error) {
    // Listing the root folder says what is damaged; all that can be read of it is there.
    if (!(error instanceof AppError) || error.code !== "damaged-file-system") throw error;
  }
  return undefined;
}

/** The label in the boot sector, which programs that only know the other one leave as it was. */
function bootLabel({ label }: FatLayout): string {
  const text = stripControls(decodeCodePage(label)).trim();
  return text === "NO NAME" ? "" : text;
}

/** Bytes that are used; of FAT32, the sector with the number of free clusters tells, because the table may be large. */
async function countUsed(
  source: ByteSource,
  layout: FatLayout,
  table: FatTable,
): Promise<number | undefined> {
  const clusters = layout.clusterEnd - 2;
  const free = layout.kind === "FAT32" ? await readFree(source, layout) : await table.countFree();
  if (free === undefined || free > clusters) return undefined;
  return (clusters - free) * layout.clusterBytes;
}

async function readFree(source: ByteSource, { info }: FatLayout): Promise<number | undefined> {
  const sector = info === undefined ? Buffer.alloc(0) : await source.read(info, bootSectorBytes);
  if (sector.length < bootSectorBytes) return undefined;
  const isInfo = sector.readUInt32LE(0) === 0x4161_5252 && sector.readUInt32LE(484) === 0x6141_7272;
  return isInfo ? sector.readUInt32LE(488) : undefined;
}

function notesOf(source: ByteSource, { isDirty, size }: FatLayout): readonly string[] {
  const notes: string[] = [];
  if (isDirty) notes.push("The file system was not unmounted: its last changes may be missing.");
  if (size > source.size)
    notes.push("The file system is larger than its disk or partition: its end is missing.");
  return notes;
}
