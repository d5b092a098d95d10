import { ArchiveNotes } from "./archive-notes.ts";
import type { ByteSource } from "./byte-source.ts";
import { damaged } from "./damaged.ts";
import type { FileEntry, FileSystem } from "./file-system.ts";

/** An entry of an archive, whatever its names. */
export type ArchiveFile = Omit<FileEntry, "name" | "inode" | "links"> & {
  /** Opens the content of a regular file. */
  readonly open?: (() => Promise<ByteSource>) | undefined;
};

/** A file in the tree; hard links share it. */
export interface ArchiveInode {
  readonly number: number;
  file: ArchiveFile;
  links: number;
  /** Of a folder that has some, by names whose characters stand for bytes. */
  children?: Map<string, ArchiveInode>;
}

/** An archive as a whole. */
export type ArchiveDescription = Pick<FileSystem, "format" | "size"> & { readonly label?: string };

/** More than the root of any guest that is tested has; all of them are in memory. */
const maximumEntries = 150_000;
/** Bytes of all names and targets of symbolic links. */
const maximumNames = 128 * 1024 ** 2;

/** A folder that no entry of an archive describes. */
const impliedFolder: ArchiveFile = {
  kind: "folder",
  mode: undefined,
  uid: undefined,
  gid: undefined,
  modified: undefined,
  size: 0,
  allocated: 0,
};

/** The tree of an archive, which has its entries as a list of paths. A later entry replaces one of the same path. */
export class ArchiveTree {
  readonly notes = new ArchiveNotes();
  #entries = 0;
  #nameBytes = 0;
  /** By their numbers. */
  readonly #inodes: ArchiveInode[] = [];
  readonly #root: ArchiveInode = this.#createInode(impliedFolder);

  /**
   * Puts a file into the tree, below folders that are made if no entry has described them.
   *
   * @returns undefined if it is left out, with a note
   * @throws AppError `damaged-file-system` if there are too many
   */
  add(path: Buffer, file: ArchiveFile): ArchiveInode | undefined {
    const parts = this.#partsOf(path);
    if (!parts) return undefined;
    const known = this.#findParts(parts);
    this.#count(file.target?.length ?? 0);
    if (file.kind === "folder" && known?.file.kind === "folder") {
      known.file = file;
      return known;
    }
    const inode = this.#createInode(file);
    return this.#put(path, parts, inode) ? inode : undefined;
  }

  /** Gives a file one more name. */
  link(path: Buffer, inode: ArchiveInode): void {
    const parts = this.#partsOf(path);
    if (!parts || this.#findParts(parts) === inode) return;
    this.#count(0);
    if (this.#put(path, parts, inode)) inode.links++;
  }

  find(path: Buffer): ArchiveInode | undefined {
    return this.#findParts(split(path));
  }

  /** The tree as a file system. It is not changed any more. */
  asFileSystem({ label = "", ...rest }: ArchiveDescription): FileSystem {
    const inodes = this.#inodes;
    const entryOf = (name: string, inode: ArchiveInode): FileEntry => {
      const { open: _, ...file } = inode.file;
      return { ...file, name: Buffer.from(name, "latin1"), inode: inode.number, links: inode.links };
    };
    return {
      ...rest,
      label,
      used: undefined,
      notes: this.notes.sentences(),
      root: entryOf("", this.#root),
      async *list(folder) {
        for (const [name, inode] of inodes[folder.inode]?.children ?? []) yield entryOf(name, inode);
      },
      open: async (file) => {
        const open = inodes[file.inode]?.file.open;
        if (!open) throw damaged(`the ${rest.format} archive has no content of that file`);
        return await open();
      },
    };
  }

  #createInode(file: ArchiveFile): ArchiveInode {
    const inode: ArchiveInode = { number: ++this.#entries, file, links: 1 };
    this.#inodes[inode.number] = inode;
    return inode;
  }

  #count(nameBytes: number): void {
    this.#nameBytes += nameBytes;
    if (this.#entries >= maximumEntries)
      throw damaged(`the archive has more than ${maximumEntries} files and folders`);
    if (this.#nameBytes > maximumNames)
      throw damaged(`the names in the archive take more than ${maximumNames} bytes`);
  }

  /** The names in a path; undefined, with a note, for one that no file can have. */
  #partsOf(path: Buffer): readonly string[] | undefined {
    const parts = split(path);
    if (parts.includes("..")) this.notes.leaveOut(path, "its path contains “..”");
    else if (path.includes(0)) this.notes.leaveOut(path, "its path contains a zero byte");
    else return parts;
    return undefined;
  }

  #findParts(parts: readonly string[]): ArchiveInode | undefined {
    let inode: ArchiveInode | undefined = this.#root;
    for (const part of parts) inode = inode?.children?.get(part);
    return inode;
  }

  #put(path: Buffer, parts: readonly string[], inode: ArchiveInode): boolean {
    let folder: ArchiveInode | undefined = this.#root;
    for (const part of parts.slice(0, -1)) folder = folder && this.#enter(folder, part);
    const name = parts.at(-1);
    if (folder?.file.kind !== "folder" || name === undefined) {
      this.notes.leaveOut(path, "its path leads through a file that is not a folder");
      return false;
    }
    this.#count(name.length);
    folder.children ??= new Map();
    const replaced = folder.children.get(name);
    if (replaced) replaced.links--;
    // As a new one it comes last, where the archive has it.
    folder.children.delete(name);
    folder.children.set(name, inode);
    return true;
  }

  /** The entry of a name in a folder, which is made as a folder if it is not there; undefined if that is not one. */
  #enter(folder: ArchiveInode, name: string): ArchiveInode | undefined {
    if (folder.file.kind !== "folder") return undefined;
    const known = folder.children?.get(name);
    if (known) return known;
    this.#count(name.length);
    const created = this.#createInode(impliedFolder);
    folder.children ??= new Map();
    folder.children.set(name, created);
    return created;
  }
}

/** Paths in archives begin with `/`, `./` or neither. */
function split(path: Buffer): readonly string[] {
  return path
    .toString("latin1")
    .split("/")
    .filter((part) => part !== "" && part !== ".");
}
