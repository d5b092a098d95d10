import type { ContentEntry } from "./entry.ts";

/** A part of a disk, for a bar of its use: a partition, or a gap between two. */
export interface DiskPart {
  /** Bytes from the beginning of the disk. */
  readonly offset: number;
  /** Bytes. */
  readonly size: number;
  /** Absent for a gap. */
  readonly name?: string;
  /** `Linux`, `EFI system`. */
  readonly type?: string;
}

/** A folder in an image, as it is listed. */
export interface FolderContent {
  /** In the order of their names. */
  readonly entries: readonly ContentEntry[];
  /** Whether there are more entries than are given. */
  readonly isCut: boolean;
  /** The file system that the folder is in. */
  readonly system: {
    /** `ext4`, `squashfs`, `tar`. */
    readonly format: string;
    /** Empty without one. */
    readonly label: string;
    /** Bytes; absent where they can't be told. */
    readonly size?: number;
    readonly used?: number;
    /** Sentences about it: a journal that was not replayed. */
    readonly notes: readonly string[];
  };
  /** For a disk with partitions. */
  readonly parts?: readonly DiskPart[];
}
