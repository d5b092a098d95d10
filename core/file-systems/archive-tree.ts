import { entryKinds } from "../../shared/contents/entry.ts";
import { ArchiveNotes } from "./archive-notes.ts";
import type { ByteSource } from "./byte-source.ts";
import { damaged } from "./damaged.ts";
import type { FileEntry, FileSystem } from "./file-system.ts";
import { NameTable } from "./name-table.ts";
import { Records } from "./records.ts";

/** An entry of an archive, whatever its names. */
export type ArchiveFile = Omit<FileEntry, "name" | "inode" | "links"> & {
  /** The place of the content of a regular file, in bytes from the beginning of the archive. */
  readonly start?: number | undefined;
};

/** The content of a regular file in an archive. */
export type ArchiveContent = Pick<FileEntry, "size" | "allocated"> & { readonly start: number };

/** An archive as a whole. */
export type ArchiveDescription = Pick<FileSystem, "format" | "size"> & {
  readonly label?: string;
  /** Opens the content of a file. */
  readonly open: (content: ArchiveContent) => Promise<ByteSource>;
};

/** More than the root of any guest that is tested has: files, folders and further names, which take some 150 bytes each. */
const maximumEntries = 320_000;
/** Bytes of all names and targets of symbolic links. */
const maximumNames = 64 * 1024 ** 2;

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

/** The numbers that are kept of a file, in this order; one that it has not is NaN. */
const fields = ["kind", "mode", "uid", "gid", "modified", "size", "allocated", "start", "links"] as const;
type Field = (typeof fields)[number];

const root = 1;

/**
 * The tree of an archive, which has its entries as a list of paths. A later entry replaces one of the same path. Files are numbers;
 * hard links share one.
 */
export class ArchiveTree {
  readonly notes = new ArchiveNotes();
  readonly #files = new Records(fields.length, Float64Array);
  #fileCount = 0;
  readonly #names = new NameTable();
  readonly #targets = new Map<number, Buffer>();
  readonly #devices = new Map<number, FileEntry["device"]>();
  #targetBytes = 0;

  constructor() {
    this.#create(impliedFolder);
  }

  /**
   * Puts a file into the tree, below folders that are made if no entry has described them.
   *
   * @returns its number; undefined if it is left out, with a note
   * @throws AppError `damaged-file-system` if there are too many
   */
  add(path: Buffer, file: ArchiveFile): number | undefined {
    const parts = this.#partsOf(path);
    if (!parts) return undefined;
    const known = this.#findParts(parts);
    this.#requireSpace();
    if (file.kind === "folder" && known !== undefined && this.kindOf(known) === "folder") {
      this.change(known, file);
      return known;
    }
    const added = this.#create(file);
    return this.#put(path, parts, added) ? added : undefined;
  }

  /** Gives a file one more name. */
  link(path: Buffer, file: number): void {
    const parts = this.#partsOf(path);
    if (!parts || this.#findParts(parts) === file) return;
    this.#requireSpace();
    if (this.#put(path, parts, file)) this.#set(file, "links", this.#get(file, "links") + 1);
  }

  /** Replaces the description of a file, which keeps its names. */
  change(number: number, file: ArchiveFile): void {
    const { kind, target, device } = file;
    this.#set(number, "kind", entryKinds.indexOf(kind));
    for (const field of ["mode", "uid", "gid", "modified", "size", "allocated", "start"] as const)
      this.#set(number, field, file[field] ?? Number.NaN);
    if (target) {
      this.#targetBytes += target.length;
      // A copy: it may be a part of a larger piece of the archive.
      this.#targets.set(number, Buffer.from(target));
    }
    if (device) this.#devices.set(number, device);
  }

  find(path: Buffer): number | undefined {
    return this.#findParts(split(path));
  }

  kindOf(file: number): FileEntry["kind"] {
    return entryKinds[this.#get(file, "kind")] ?? "file";
  }

  /** The tree as a file system. It is not changed any more. */
  asFileSystem({ label = "", open, ...rest }: ArchiveDescription): FileSystem {
    const names = this.#names;
    const entryOf = (name: Buffer, file: number) => this.#entryOf(name, file);
    return {
      ...rest,
      label,
      used: undefined,
      notes: this.notes.sentences(),
      root: entryOf(Buffer.alloc(0), root),
      isSorted: true,
      async *list(folder) {
        for (const { name, file } of names.list(folder.inode)) yield entryOf(name, file);
      },
      open: async ({ inode, size, allocated }) => {
        const start = this.#get(inode, "start");
        if (Number.isNaN(start)) throw damaged(`the ${rest.format} archive has no content of that file`);
        return await open({ start, size, allocated });
      },
    };
  }

  #entryOf(name: Buffer, file: number): FileEntry {
    const optional = (field: Field) => {
      const value = this.#get(file, field);
      return Number.isNaN(value) ? undefined : value;
    };
    const target = this.#targets.get(file);
    const device = this.#devices.get(file);
    return {
      name,
      kind: this.kindOf(file),
      inode: file,
      links: this.#get(file, "links"),
      mode: optional("mode"),
      uid: optional("uid"),
      gid: optional("gid"),
      modified: optional("modified"),
      size: this.#get(file, "size"),
      allocated: this.#get(file, "allocated"),
      ...(target && { target }),
      ...(device && { device }),
    };
  }

  #get(file: number, field: Field): number {
    return this.#files.get(file, fields.indexOf(field));
  }

  #set(file: number, field: Field, value: number): void {
    this.#files.set(file, fields.indexOf(field), value);
  }

  #create(file: ArchiveFile): number {
    const number = ++this.#fileCount;
    this.change(number, file);
    this.#set(number, "links", 1);
    return number;
  }

  /** Before each file or name is added. */
  #requireSpace(): void {
    if (Math.max(this.#fileCount, this.#names.count) >= maximumEntries)
      throw damaged(`the archive has more than ${maximumEntries.toLocaleString("en")} files and folders`);
    if (this.#names.bytes + this.#targetBytes > maximumNames)
      throw damaged(`the names in the archive take more than ${maximumNames} bytes`);
  }

  /** The names in a path; undefined, with a note, for one that no file can have. */
  #partsOf(path: Buffer): readonly Buffer[] | undefined {
    const parts = split(path);
    if (parts.some((part) => part.equals(parent))) this.notes.leaveOut(path, "its path contains “..”");
    else if (path.includes(0)) this.notes.leaveOut(path, "its path contains a zero byte");
    else return parts;
    return undefined;
  }

  #findParts(parts: readonly Buffer[]): number | undefined {
    let file: number | undefined = root;
    for (const part of parts) file = file === undefined ? undefined : this.#names.find(file, part);
    return file;
  }

  #put(path: Buffer, parts: readonly Buffer[], file: number): boolean {
    let folder: number | undefined = root;
    for (const part of parts.slice(0, -1)) folder = folder && this.#enter(folder, part);
    const name = parts.at(-1);
    if (folder === undefined || this.kindOf(folder) !== "folder" || name === undefined) {
      this.notes.leaveOut(path, "its path leads through a file that is not a folder");
      return false;
    }
    const replaced = this.#names.find(folder, name);
    if (replaced !== undefined) this.#set(replaced, "links", this.#get(replaced, "links") - 1);
    this.#names.put(folder, name, file);
    return true;
  }

  /** The file of a name in a folder, which is made as a folder if it is not there; undefined if the folder is none. */
  #enter(folder: number, name: Buffer): number | undefined {
    if (this.kindOf(folder) !== "folder") return undefined;
    const known = this.#names.find(folder, name);
    if (known !== undefined) return known;
    this.#requireSpace();
    const created = this.#create(impliedFolder);
    this.#names.put(folder, name, created);
    return created;
  }
}

const [slash, dot, parent] = [0x2f, Buffer.from("."), Buffer.from("..")];

/** Paths in archives begin with `/`, `./` or neither. */
function split(path: Buffer): readonly Buffer[] {
  const parts: Buffer[] = [];
  for (let start = 0; start < path.length; ) {
    const found = path.indexOf(slash, start);
    const end = found < 0 ? path.length : found;
    const part = path.subarray(start, end);
    if (part.length > 0 && !part.equals(dot)) parts.push(part);
    start = end + 1;
  }
  return parts;
}
