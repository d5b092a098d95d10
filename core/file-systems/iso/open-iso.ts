import type { EntryKind } from "../../../shared/contents/entry.ts";
import type { ByteSource } from "../byte-source.ts";
import { damaged } from "../damaged.ts";
import type { FileEntry, FileSystem } from "../file-system.ts";
import { readExactly } from "../read-exactly.ts";
import { sectorBytes } from "./directory-record.ts";
import { type IsoNode, openIsoFolders, placeOf } from "./iso-folders.ts";
import { isoFormat, readVolume } from "./volume.ts";

/** The bits of a mode with the kind of a file, as Unix has them. */
const kinds: ReadonlyMap<number, EntryKind> = new Map([
  [0o010000, "fifo"],
  [0o020000, "char-device"],
  [0o060000, "block-device"],
  [0o120000, "symlink"],
  [0o140000, "socket"],
]);
/** Inodes of files begin above those of folders; those without a number in Rock Ridge above all others. */
const [serialInodes, placeInodes] = [2 ** 32, 2 ** 33];

/**
 * Opens an ISO 9660 file system, with Rock Ridge's names, modes, owners, links and devices, or Joliet's names where it has no
 * Rock Ridge. A file that zisofs has compressed is given as it is stored, with a note.
 *
 * Inodes: that of a folder is its first sector, so that a folder in itself can be recognized; that of a file is its number in Rock
 * Ridge, or the place of its record.
 */
export async function openIso(source: ByteSource): Promise<FileSystem | undefined> {
  const volume = await readVolume(source);
  if (!volume) return undefined;
  const folders = await openIsoFolders(source, volume);
  const nodes = new WeakMap<FileEntry, IsoNode>();
  const notes = volume.size > source.size ? ["The ISO is truncated: its end is missing."] : [];
  const entryOf = (node: IsoNode): FileEntry => {
    if (node.rockRidge.isCompressed && !notes.includes(compressedNote)) notes.push(compressedNote);
    const entry = describe(node);
    nodes.set(entry, node);
    return entry;
  };
  const nodeOf = (entry: FileEntry) => {
    const node = nodes.get(entry);
    if (!node) throw new Error("an entry of another file system");
    return node;
  };
  return {
    format: isoFormat,
    label: volume.label,
    size: volume.size,
    used: volume.size,
    notes,
    root: entryOf(folders.root),
    list: async function* (folder) {
      for await (const node of folders.list(nodeOf(folder))) yield entryOf(node);
    },
    open: async (file) => openContent(source, nodeOf(file)),
  };
}

const compressedNote = "Some files are compressed by zisofs; their contents are shown as they are stored.";

function describe(node: IsoNode): FileEntry {
  const { name, rockRidge, parts, position } = node;
  const { mode, uid, gid } = rockRidge;
  const kind = node.isFolder ? "folder" : (kinds.get((mode ?? 0) & 0o170000) ?? "file");
  const size = kind === "symlink" ? (rockRidge.target?.length ?? 0) : sizeOf(node);
  const fileInode = rockRidge.serial === undefined ? placeInodes + position : serialInodes + rockRidge.serial;
  return {
    ...{ name, kind, uid, gid, size },
    inode: node.isFolder ? Math.floor((parts[0]?.offset ?? 0) / sectorBytes) : fileInode,
    links: rockRidge.links ?? 1,
    mode: mode === undefined ? undefined : mode & 0o7777,
    modified: rockRidge.modified ?? node.recorded,
    allocated: Math.ceil(sizeOf(node) / sectorBytes) * sectorBytes,
    target: kind === "symlink" ? rockRidge.target : undefined,
    device: kind === "char-device" || kind === "block-device" ? rockRidge.device : undefined,
  };
}

function sizeOf({ parts }: IsoNode): number {
  return parts.reduce((total, { size }) => total + size, 0);
}

/** The content of a file, whose parts follow each other. */
function openContent(source: ByteSource, node: IsoNode): ByteSource {
  const place = placeOf(node);
  const size = sizeOf(node);
  for (const part of node.parts)
    if (part.size > 0 && part.offset + part.size > source.size)
      throw damaged(`the ISO ends before the end of ${place}`);
  const read = async (offset: number, length: number) => {
    const pieces: Buffer[] = [];
    const end = Math.min(size, offset + length);
    let start = 0;
    for (const part of node.parts) {
      const [from, to] = [Math.max(offset, start), Math.min(end, start + part.size)];
      if (from < to) pieces.push(await readExactly(source, part.offset + from - start, to - from, place));
      start += part.size;
    }
    return pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces);
  };
  return { size, read };
}
