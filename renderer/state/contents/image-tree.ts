import type { ContentEntry } from "../../../shared/contents/entry.ts";
import type { FolderContent } from "../../../shared/contents/folder-content.ts";
import type { ErrorData } from "../../../shared/errors/error-data.ts";
import { byName, type EntrySort, sortEntries } from "./sort-entries.ts";

/** A folder of an image, or a file that holds files, as far as it is known. Without either, it is being read. */
export interface KnownFolder {
  readonly content?: FolderContent;
  /** Why it can't be read. */
  readonly error?: ErrorData;
}

/** The part of an image's tree that has been read, and the part of that which is open. */
export interface ImageTree {
  /** By their paths. */
  readonly folders: ReadonlyMap<string, KnownFolder>;
  /** Paths. */
  readonly open: ReadonlySet<string>;
}

/** A line of the tree as it is shown. */
export type ImageRow = {
  readonly key: string;
  /** From 0. */
  readonly depth: number;
  /** Empty for a line that is not an entry. */
  readonly name: string;
  /** Absent for a line that can't be opened. */
  readonly isOpen?: boolean;
} & (
  | {
      readonly kind: "entry";
      readonly entry: ContentEntry;
      /** Among the entries of its folder, from 1. */
      readonly position: number;
      readonly count: number;
      /** Whether it is a partition, which takes no room of its own on the disk that it is a part of. */
      readonly isPart?: boolean;
    }
  | { readonly kind: "reading" | "empty" | "cut" }
  | { readonly kind: "note"; readonly text: string }
  | { readonly kind: "error"; readonly folder: string; readonly error: ErrorData }
);

/** The path of the top of an image's tree. */
export const topPath = "/";

/** The key of a line that says something about a folder; no entry has it as its path. */
function sentenceKey(folder: string, what: string): string {
  return `${folder}\0${what}`;
}

/**
 * The key of the line to choose when a folder has been read, or is read once more: a line about the folder that was chosen may be
 * gone, and gives way to the first entry.
 */
export function chosenAfter(chosen: string, folder: string, { content, error }: KnownFolder): string {
  if (!chosen.startsWith(sentenceKey(folder, ""))) return chosen;
  if (error) return sentenceKey(folder, "error");
  return content
    ? (content.entries[0]?.path ?? sentenceKey(folder, "empty"))
    : sentenceKey(folder, "reading");
}

/** Whether an entry can be opened as a folder. */
export function isFolder({ kind, mayHoldFiles }: ContentEntry): boolean {
  return kind === "folder" || mayHoldFiles;
}

/**
 * The lines of the open folders, each with the notes of its file system, and with its problem in place of its entries, which are
 * sorted within their folder.
 */
export function imageRows(tree: ImageTree, sort: EntrySort = byName): readonly ImageRow[] {
  const rows: ImageRow[] = [];
  addRows(rows, { ...tree, sort }, topPath, { depth: 0, notes: [] });
  return rows;
}

interface Level {
  readonly depth: number;
  /** Those of the folder around it, which are not said again. */
  readonly notes: readonly string[];
}

function addRows(
  rows: ImageRow[],
  tree: ImageTree & { readonly sort: EntrySort },
  folder: string,
  { depth, notes }: Level,
): void {
  const { content, error } = tree.folders.get(folder) ?? {};
  const line = { depth, name: "" };
  if (error) {
    rows.push({ ...line, key: sentenceKey(folder, "error"), kind: "error", folder, error });
    return;
  }
  if (!content) {
    rows.push({ ...line, key: sentenceKey(folder, "reading"), kind: "reading" });
    return;
  }
  const { entries, isCut, system } = content;
  for (const text of system.notes)
    if (!notes.includes(text)) rows.push({ ...line, key: sentenceKey(folder, text), kind: "note", text });
  if (entries.length === 0) rows.push({ ...line, key: sentenceKey(folder, "empty"), kind: "empty" });
  for (const [index, entry] of sortEntries(entries, tree.sort).entries()) {
    const place = { position: index + 1, count: entries.length };
    const { path, name } = entry;
    const isOpen = tree.open.has(path);
    const isPart = content.parts?.some((part) => part.name === name);
    rows.push({
      ...{ key: path, depth, name, kind: "entry", entry, ...place },
      ...(isFolder(entry) && { isOpen }),
      ...(isPart && { isPart }),
    });
    if (isOpen) addRows(rows, tree, path, { depth: depth + 1, notes: system.notes });
  }
  if (isCut) rows.push({ ...line, key: sentenceKey(folder, "cut"), kind: "cut" });
}

/** The only folder, or file that holds files, among the entries of a folder; undefined if there are several or none. */
export function onlyFolder({ entries, isCut }: FolderContent): ContentEntry | undefined {
  const [only, ...others] = entries.filter(isFolder);
  return isCut || others.length > 0 ? undefined : only;
}

/** The paths of the folders around an entry, the outermost first, without the top. */
export function foldersAround(path: string): readonly string[] {
  const names = path.split("/").filter((name) => name !== "");
  return names.slice(0, -1).map((_, index) => `/${names.slice(0, index + 1).join("/")}`);
}

/** An entry that is known by its path. */
export function findEntry({ folders }: Pick<ImageTree, "folders">, path: string): ContentEntry | undefined {
  const folder = foldersAround(path).at(-1) ?? topPath;
  return folders.get(folder)?.content?.entries.find((entry) => entry.path === path);
}
