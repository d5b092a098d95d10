import type { EntryKind } from "../../shared/contents/entry.ts";

const formatMask = 0o170000;
const kinds: ReadonlyMap<number, EntryKind> = new Map([
  [0o010000, "fifo"],
  [0o020000, "char-device"],
  [0o040000, "folder"],
  [0o060000, "block-device"],
  [0o100000, "file"],
  [0o120000, "symlink"],
  [0o140000, "socket"],
]);

/** The kind of a file by its mode as `stat` has it; undefined for a kind that no Unix has. */
export function kindOfMode(mode: number): EntryKind | undefined {
  return kinds.get(mode & formatMask);
}
