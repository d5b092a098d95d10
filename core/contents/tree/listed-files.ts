import type { ByteSource } from "../../file-systems/byte-source.ts";
import type { FileEntry, FileSystem } from "../../file-systems/file-system.ts";

/** A file that no file system holds: a partition of a disk, a disk of an image. */
export interface ListedFile {
  readonly name: string;
  /** Bytes that it takes where it lies. */
  readonly allocated: number;
  readonly source: ByteSource;
}

/**
 * A level of the tree that is not a file system, as one: a folder of a few files.
 *
 * @param format for people: `image`, `GPT`
 */
export function listFiles(
  format: string,
  files: readonly ListedFile[],
  notes: readonly string[] = [],
): FileSystem {
  const none = { mode: undefined, uid: undefined, gid: undefined, modified: undefined, links: 1 };
  const entries = files.map(
    ({ name, allocated, source }, index): FileEntry => ({
      ...none,
      ...{ name: Buffer.from(name), kind: "file", inode: index + 1, size: source.size, allocated },
    }),
  );
  return {
    format,
    label: "",
    ...{ size: undefined, used: undefined },
    notes,
    isContainer: true,
    root: { ...none, name: Buffer.alloc(0), kind: "folder", inode: 0, size: 0, allocated: 0 },
    list: async function* () {
      yield* entries;
    },
    open: async ({ inode }) => (files[inode - 1] as ListedFile).source,
  };
}
