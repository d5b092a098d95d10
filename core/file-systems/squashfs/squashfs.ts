import type { ByteSource } from "../byte-source.ts";
import { damaged } from "../damaged.ts";
import { safeName } from "../entry-name.ts";
import type { FileEntry, FileSystem, OpenFileSystem } from "../file-system.ts";
import { readExactly } from "../read-exactly.ts";
import { blockDecoder } from "./block-decoder.ts";
import { FileContents } from "./file-content.ts";
import { type Inode, readInode } from "./inode.ts";
import { Metadata } from "./metadata.ts";
import { type InodePlace, readSuperblock, type Superblock } from "./superblock.ts";

/**
 * Opens a squashfs of version 4.0 that is compressed with gzip, xz, LZ4 or Zstandard. Extended attributes are not read.
 */
export const openSquashfs: OpenFileSystem = async (source) => {
  const superblock = await readSuperblock(source);
  if (!superblock) return undefined;
  const decode = blockDecoder(superblock.compression);
  const metadata = new Metadata(source, decode);
  const contents = new FileContents(source, superblock, metadata, decode);
  const tree = new SquashfsTree(superblock, metadata, await readIds(source, superblock, metadata));
  const system: FileSystem = {
    format: "squashfs",
    label: "",
    size: superblock.used,
    used: superblock.used,
    notes: [],
    // The format has them so, and each listing checks it.
    isSorted: true,
    root: await tree.readEntry(Buffer.alloc(0), superblock.root),
    list: (folder) => tree.list(folder),
    open: async (file) => {
      const { blocks, size, number } = tree.inodeOf(file);
      if (!blocks) throw damaged(`inode ${number} has no content`);
      return await contents.open(blocks, size, `the content of inode ${number}`);
    },
  };
  return system;
};

const idsPerBlock = 2048;

/** The users and groups. */
async function readIds(
  source: ByteSource,
  { ids, idTable }: Superblock,
  metadata: Metadata,
): Promise<readonly number[]> {
  const found: number[] = [];
  const name = "the table of users and groups";
  const places = await readExactly(source, idTable, 8 * Math.ceil(ids / idsPerBlock), name);
  while (found.length < ids) {
    const place = Number(places.readBigUInt64LE(8 * (found.length / idsPerBlock)));
    const count = Math.min(idsPerBlock, ids - found.length);
    const bytes = await metadata.cursor(place, 0, name).read(4 * count);
    for (let at = 0; at < bytes.length; at += 4) found.push(bytes.readUInt32LE(at));
  }
  return found;
}

interface Located extends Inode {
  /** Identifies the inode, whatever its number. */
  readonly place: string;
}

class SquashfsTree {
  readonly #superblock: Superblock;
  readonly #metadata: Metadata;
  readonly #ids: readonly number[];
  readonly #inodes = new WeakMap<FileEntry, Located>();
  /** The folder in which each folder was found. */
  readonly #parents = new Map<string, string>();

  constructor(superblock: Superblock, metadata: Metadata, ids: readonly number[]) {
    this.#superblock = superblock;
    this.#metadata = metadata;
    this.#ids = ids;
    this.#parents.set(textOf(superblock.root), "");
  }

  inodeOf(entry: FileEntry): Located {
    const inode = this.#inodes.get(entry);
    if (!inode) throw damaged("the entry is not of this squashfs file system");
    return inode;
  }

  async readEntry(name: Buffer, place: InodePlace): Promise<FileEntry> {
    const { inodeTable, folderTable, blockSize } = this.#superblock;
    const where = `the inode at ${textOf(place)}`;
    if (inodeTable + place.block >= folderTable) throw damaged(`${where} is outside of its table`);
    const cursor = this.#metadata.cursor(inodeTable + place.block, place.offset, where);
    const inode = await readInode(cursor, blockSize, where);
    const { kind, mode, modified, number, links, size, target, device, blocks } = inode;
    const isFolder = kind === "folder";
    const entry: FileEntry = {
      ...{ name, kind, mode, links },
      inode: number,
      uid: this.#ids[inode.uid],
      gid: this.#ids[inode.gid],
      modified: modified * 1000,
      size: isFolder ? 0 : size,
      allocated: blocks ? storedSize(inode, blockSize) : isFolder ? 0 : size,
      ...(target && { target }),
      ...(device && { device }),
    };
    this.#inodes.set(entry, { ...inode, place: textOf(place) });
    return entry;
  }

  async *list(folder: FileEntry): AsyncGenerator<FileEntry> {
    const { names, size, number, place } = this.inodeOf(folder);
    if (!names) throw damaged(`inode ${number} is not a folder`);
    const where = `the folder of inode ${number}`;
    const { folderTable } = this.#superblock;
    const cursor = this.#metadata.cursor(folderTable + names.block, names.offset, where);
    // The size counts the names `.` and `..`, which are not there, as three bytes.
    let earlier = Buffer.alloc(0);
    for (let left = size - 3; left > 0; ) {
      const header = await cursor.read(12);
      const count = header.readUInt32LE() + 1;
      const block = header.readUInt32LE(4);
      if (count > 256) throw damaged(`${where} has ${count} names in a row`);
      left -= 12;
      for (let index = 0; index < count; index++) {
        const fields = await cursor.read(8);
        const length = fields.readUInt16LE(6) + 1;
        if (length > 256) throw damaged(`${where} has a name of ${length} bytes`);
        const name = Buffer.from(await cursor.read(length));
        left -= 8 + length;
        if (left < 0) throw damaged(`${where} is longer than its size`);
        if (Buffer.compare(name, earlier) < 0) throw damaged(`${where} has its names out of order`);
        earlier = name;
        const entry = await this.readEntry(safeName(name), { block, offset: fields.readUInt16LE() });
        if (entry.kind === "folder") this.#checkParent(entry, place, where);
        yield entry;
      }
    }
  }

  /** Each folder is in one folder: otherwise there may be a loop. */
  #checkParent(entry: FileEntry, parent: string, where: string): void {
    const { place, number } = this.inodeOf(entry);
    const known = this.#parents.get(place);
    if (known === undefined) this.#parents.set(place, parent);
    else if (known !== parent)
      throw damaged(`${where} has the folder of inode ${number}, which is also in another one`);
  }
}

function textOf({ block, offset }: InodePlace): string {
  return `${block}:${offset}`;
}

/** Of a fragment, which other files share, the bytes of the content count. */
function storedSize({ blocks, size }: Inode, blockSize: number): number {
  if (!blocks) return 0;
  const { stored, fragment, count } = blocks;
  return stored + (fragment === undefined ? 0 : size - count * blockSize);
}
