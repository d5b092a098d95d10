import { type MetadataKey, metadataKeys } from "./entry.ts";
import { reasonToDiffer } from "./expected-differences.ts";
import type { FileList, ListedEntry } from "./file-list.ts";

/** How an entry of one image is in another one. */
export type ChangeKind = "added" | "removed" | "changed" | "metadata";

/** A difference between two images at one path. */
export interface FileChange {
  readonly path: string;
  readonly change: ChangeKind;
  /** In the first image. */
  readonly before?: ListedEntry;
  /** In the second image. */
  readonly after?: ListedEntry;
  /** The metadata that differs. */
  readonly metadata: readonly MetadataKey[];
  /** The reason why two builds from the same may differ here, if they may. */
  readonly expected?: string;
}

/** The differences between two images. */
export interface Comparison {
  /** In the order of their paths. */
  readonly changes: readonly FileChange[];
  /** Bytes of content that the second image has more than the first one. */
  readonly growth: number;
}

/** The comparison of two images, with the parts of them that can't be read. */
export interface ImageComparison {
  readonly comparison: Comparison;
  /** Sentences, each with its image. */
  readonly problems: readonly string[];
}

export interface CompareOptions {
  /** Differences of these alone are none. */
  readonly ignored?: readonly MetadataKey[];
  /** A path that this matches is left out. */
  readonly leaveOut?: (path: string) => boolean;
}

/**
 * Compares the file lists of two images. Of a changed archive whose files are listed, they tell it, if any of them differs at all; of
 * one that is new or gone, it tells all.
 */
export function compareLists(
  { entries: first }: FileList,
  { entries: second }: FileList,
  { ignored = [], leaveOut = () => false }: CompareOptions = {},
): Comparison {
  const before = new Map(first.map((entry) => [entry.path, entry]));
  const after = new Map(second.map((entry) => [entry.path, entry]));
  const allPaths = [...new Set([...before.keys(), ...after.keys()])].sort();
  const compare = (path: string, ignored: readonly MetadataKey[]) =>
    compareEntry(path, before.get(path), after.get(path), ignored);
  const differing = allPaths.filter((path) => compare(path, []).length > 0);
  const changes = differing.filter((path) => !leaveOut(path)).flatMap((path) => compare(path, ignored));
  const archives = archivesOf(
    [...before.values(), ...after.values()],
    allPaths.filter((path) => !leaveOut(path)),
  );
  // A difference that is not to be told is still the reason why its archive differs.
  const explained = foldersOf(differing);
  const changed = new Map(changes.map((change) => [change.path, change]));
  const isTold = ({ path, change }: FileChange) => {
    if (archives.has(path)) return change !== "changed" || !explained.has(path);
    const archive = archiveOf(path, archives);
    return archive === undefined || changed.get(archive)?.change === "changed";
  };
  const outer = changes.filter(({ path }) => archiveOf(path, archives) === undefined);
  return {
    changes: changes.filter(isTold),
    growth: outer.reduce((sum, change) => sum + growthOf(change), 0),
  };
}

/** Files that hold listed files, other than disks and partitions. */
export function archivesOf(entries: readonly ListedEntry[], paths: readonly string[]): ReadonlySet<string> {
  const folders = foldersOf(paths);
  return new Set(
    entries.filter(({ path, digest }) => digest !== undefined && folders.has(path)).map(({ path }) => path),
  );
}

/** The outermost archive that a path is in. */
function archiveOf(path: string, archives: ReadonlySet<string>): string | undefined {
  for (let end = path.indexOf("/", 1); end > 0; end = path.indexOf("/", end + 1))
    if (archives.has(path.slice(0, end))) return path.slice(0, end);
  return undefined;
}

/** Bytes of content that a change adds. */
export function growthOf({ before, after }: Pick<FileChange, "before" | "after">): number {
  return contentBytes(after) - contentBytes(before);
}

function contentBytes(entry: ListedEntry | undefined): number {
  return entry?.digest === undefined ? 0 : entry.size;
}

function compareEntry(
  path: string,
  before: ListedEntry | undefined,
  after: ListedEntry | undefined,
  ignored: readonly MetadataKey[],
): readonly FileChange[] {
  const base = (differing?: readonly MetadataKey[]) => {
    const expected = reasonToDiffer(path, differing);
    return { path, ...(expected !== undefined && { expected }) };
  };
  if (!before) return after ? [{ ...base(), change: "added", after, metadata: [] }] : [];
  if (!after) return [{ ...base(), change: "removed", before, metadata: [] }];
  const metadata = metadataKeys.filter((key) => before[key] !== after[key] && !ignored.includes(key));
  const isChanged = before.digest !== after.digest || before.target !== after.target;
  if (!isChanged && metadata.length === 0) return [];
  if (isChanged) return [{ ...base(), change: "changed", before, after, metadata }];
  return [{ ...base(metadata), change: "metadata", before, after, metadata }];
}

/** All folders, and archives that are one, in which the paths are. */
function foldersOf(paths: readonly string[]): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const path of paths)
    for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1)) {
      const folder = path.slice(0, end);
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  return folders;
}
