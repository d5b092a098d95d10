import { archivesOf } from "../../shared/contents/compare-lists.ts";
import type { FileList, ListedEntry } from "../../shared/contents/file-list.ts";
import { digestText } from "../files/digest.ts";

/** The form of the list that the digest is taken of. Another form has another one. */
const form = "files 1";

/**
 * The SHA-256 of a list of files: their paths, contents, modes and owners, but not their times or places on the disk. An archive
 * whose files are listed counts as these: the times in it don't count either.
 */
export function digestFiles({ entries }: FileList): string {
  const sorted = [...entries].sort((one, other) => (one.path < other.path ? -1 : 1));
  const archives = archivesOf(
    entries,
    sorted.map(({ path }) => path),
  );
  const lines = sorted.map((entry) => JSON.stringify(describe(entry, archives.has(entry.path))));
  return digestText([form, ...lines].join("\n"));
}

/** An array, whose order is fixed, and in which nothing is ambiguous. */
function describe(entry: ListedEntry, isArchive: boolean): readonly unknown[] {
  const { path, kind, mode = null, uid = null, gid = null, target = null, device = null, digest } = entry;
  return [path, kind, mode, uid, gid, target, device, isArchive ? "files" : (digest ?? null)];
}
