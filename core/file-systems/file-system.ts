import type { EntryKind } from "../../shared/contents/entry.ts";
import type { DiskPart } from "../../shared/contents/folder-content.ts";
import type { ByteSource } from "./byte-source.ts";

/** A file, folder or other node in a file system, under one of its names. */
export interface FileEntry {
  /** As the file system has it: any bytes but `/` and NUL. */
  readonly name: Buffer;
  readonly kind: EntryKind;
  /** Identifies the file in its file system: two hard links have the same one. */
  readonly inode: number;
  /** How many names it has. */
  readonly links: number;
  /** Permissions, set-id and sticky bits: 0 to 0o7777. Undefined where the file system has none, such as FAT. */
  readonly mode: number | undefined;
  readonly uid: number | undefined;
  readonly gid: number | undefined;
  /** When the content was last changed, in milliseconds since 1970. */
  readonly modified: number | undefined;
  /** Bytes of the content. */
  readonly size: number;
  /** Bytes that it takes on the disk: fewer than its size if it has holes or is compressed. */
  readonly allocated: number;
  /** The target of a symbolic link. */
  readonly target?: Buffer | undefined;
  readonly device?: { readonly major: number; readonly minor: number } | undefined;
}

/** A file system that is read; nothing is ever written to it. */
export interface FileSystem {
  /** For people: `ext4`, `FAT32`, `ISO 9660`, `squashfs`, `tar`, `cpio`. */
  readonly format: string;
  /** Empty without one. */
  readonly label: string;
  /** Bytes that it takes in all, and those that are used; undefined where it can't be told without reading everything. */
  readonly size: number | undefined;
  readonly used: number | undefined;
  /** Sentences for people, such as of a journal that was not replayed. */
  readonly notes: readonly string[];
  /** Whether it holds no files of a person's, but disks or partitions, which hold them. */
  readonly isContainer?: boolean;
  /** The parts of a disk with partitions. */
  readonly parts?: readonly DiskPart[];
  readonly root: FileEntry;
  /** Whether the entries of each folder are listed in the order of their names as bytes. */
  readonly isSorted?: boolean;
  /**
   * Reads the entries of a folder, without `.` and `..`, in the order that they have there, unless `isSorted`.
   *
   * @throws AppError `damaged-file-system`
   */
  list(folder: FileEntry): AsyncIterable<FileEntry>;
  /** Opens the content of a regular file. @throws AppError `damaged-file-system` */
  open(file: FileEntry): Promise<ByteSource>;
  /**
   * Whether a name stands for an entry of its folder, in a file system that knows entries by other names than their own, too: FAT
   * ignores case and has short names.
   */
  answersTo?(entry: FileEntry, name: Buffer): boolean;
}

/**
 * Recognizes a file system by its magic and reads its head.
 *
 * @returns undefined if it is another one
 * @throws AppError `damaged-file-system`
 */
export type OpenFileSystem = (source: ByteSource) => Promise<FileSystem | undefined>;
