/** A file or folder of the host's that is to be put into a guest, wherever it is read from: a disk, or a browser. */
export interface PutSource {
  /** Its own name, without a path. */
  readonly name: string;
  readonly kind: "file" | "folder";
  /** The file itself; of a folder all that is in it, each folder before its entries. */
  readonly entries: readonly PutEntry[];
}

/** A file, folder or link of a source. */
export interface PutEntry {
  /** Relative to the source, such as `deep/file`; empty for a source that is a file. */
  readonly path: string;
  readonly kind: "file" | "folder" | "link";
  /** Permission bits, such as 0o644. */
  readonly mode: number;
  /** Bytes; 0 for all but files. */
  readonly size: number;
  /** The path in a link. */
  readonly target?: string | undefined;
  /** Reads a file's bytes, in order. */
  readonly read: () => AsyncIterable<Uint8Array>;
}

/** How many bytes of files a source has. */
export function sizeOf({ entries }: PutSource): number {
  return entries.reduce((sum, { size }) => sum + size, 0);
}
