import type { Machine } from "../machine/machine.ts";

/** The three files in an image archive, in the order in which Tinsmith packs them: small ones first. */
export const imageEntryNames = ["machine.json", "layer.qcow2", "disk.img"] as const;

export type ImageEntryName = (typeof imageEntryNames)[number];

/** The compression of an archive: `.tar.lz4` or `.tar.zst`. */
export type ArchiveFormat = "lz4" | "zstd";

/** A virtual disk, a file in an archive, and an archive are all smaller than this many bytes (50 GiB). */
export const imageSizeLimit = 50 * 1024 ** 3;

/** One file of an archive. */
export interface ImageEntry {
  readonly name: ImageEntryName;
  /** Bytes of the file, holes included. */
  readonly size: number;
  /** Bytes that the archive holds of it, before compression: the file without its holes. */
  readonly dataSize: number;
}

/** The facts about an image archive that are known without extracting it. */
export interface ImageArchive {
  readonly format: ArchiveFormat;
  /** Bytes of the archive. */
  readonly size: number;
  /** SHA-256 of the archive, in hexadecimal. */
  readonly digest: string;
  /** In the archive's own order. */
  readonly entries: readonly ImageEntry[];
  readonly machine: Machine;
  /** Notes for the person, a sentence each, such as why workers refuse it. */
  readonly notes: readonly string[];
}

/** An archive that was just written and read back. */
export interface PackedArchive {
  readonly path: string;
  readonly format: ArchiveFormat;
  /** Bytes of the archive. */
  readonly size: number;
  /** SHA-256 of the archive, in hexadecimal. */
  readonly digest: string;
}
