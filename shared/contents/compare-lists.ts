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

/** Compares the file lists of two images, as `ListComparison`. */
export function compareLists(
  { entries: first }: FileList,
  { entries: second }: FileList,
  options: CompareOptions = {},
): Comparison {
  const before = new Map(first.map((entry) => [keyOf(entry), entry]));
  const after = new Map(second.map((entry) => [keyOf(entry), entry]));
  const comparison = new ListComparison(options);
  for (const key of [...new Set([...before.keys(), ...after.keys()])].sort())
    comparison.add(before.get(key), after.get(key));
  return comparison.finish();
}

/** Texts whose order has a folder directly before its content. No path has a zero character. */
function keyOf({ path }: ListedEntry): string {
  return path.replaceAll("/", "\0");
}

/** A file with digests: an archive, if files in it are listed. */
interface OpenFile {
  readonly path: string;
  readonly change: FileChange | undefined;
  /** The changes in it that are to be told. */
  readonly told: FileChange[];
  /** Whether files in it are listed, and whether any of them differs. */
  isArchive: boolean;
  isExplained: boolean;
}

/**
 * A comparison of two lists of files that goes through both at once, so that neither is in memory. Of a changed archive whose files are
 * listed, they tell it, if any of them differs at all; of one that is new or gone, it tells all.
 */
export class ListComparison {
  readonly #ignored: readonly MetadataKey[];
  readonly #leaveOut: (path: string) => boolean;
  readonly #told: FileChange[] = [];
  #differences = 0;
  #growth = 0;
  /** The file of the last entry, after the archives that it is in. */
  readonly #open: OpenFile[] = [];

  constructor({ ignored = [], leaveOut = () => false }: CompareOptions = {}) {
    this.#ignored = ignored;
    this.#leaveOut = leaveOut;
  }

  /** How many differences there are so far, which are all in memory. */
  get differences(): number {
    return this.#differences;
  }

  /** Compares the entries at one path: a folder or an archive directly before its content, each once. */
  add(before: ListedEntry | undefined, after: ListedEntry | undefined): void {
    const path = (after ?? before)?.path ?? "";
    while (!isIn(this.#open.at(-1), path)) this.#close();
    const isLeftOut = this.#leaveOut(path);
    // A difference that is not to be told is still the reason why its archive differs.
    const differs = compareEntry(path, before, after, []) !== undefined;
    for (const archive of this.#open) {
      archive.isArchive ||= !isLeftOut;
      archive.isExplained ||= differs;
    }
    const change = differs && !isLeftOut ? compareEntry(path, before, after, this.#ignored) : undefined;
    if (change) this.#differences++;
    if ((before?.digest ?? after?.digest) === undefined) this.#tell(change);
    else this.#open.push({ path, change, told: [], isArchive: false, isExplained: false });
  }

  /** The differences, once all entries are compared. */
  finish(): Comparison {
    while (this.#open.length > 0) this.#close();
    const changes = this.#told.sort((one, other) => (one.path < other.path ? -1 : 1));
    return { changes, growth: this.#growth };
  }

  #close(): void {
    const { change, told, isArchive, isExplained } = this.#open.pop() as OpenFile;
    if (this.#open.length === 0 && change) this.#growth += growthOf(change);
    if (!(isArchive && isExplained && change?.change === "changed")) this.#tell(change);
    for (const inner of told) this.#tell(inner);
  }

  #tell(change: FileChange | undefined): void {
    const archive = this.#open.at(-1);
    if (!change) return;
    if (!archive) this.#told.push(change);
    else if (archive.change?.change === "changed") archive.told.push(change);
  }
}

function isIn(file: OpenFile | undefined, path: string): boolean {
  return file === undefined || (path.startsWith(file.path) && path[file.path.length] === "/");
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
): FileChange | undefined {
  const base = (differing?: readonly MetadataKey[]) => {
    const expected = reasonToDiffer(path, differing);
    return { path, ...(expected !== undefined && { expected }) };
  };
  if (!before) return after && { ...base(), change: "added", after, metadata: [] };
  if (!after) return { ...base(), change: "removed", before, metadata: [] };
  const metadata = metadataKeys.filter((key) => before[key] !== after[key] && !ignored.includes(key));
  const isChanged = before.digest !== after.digest || before.target !== after.target;
  if (!isChanged && metadata.length === 0) return undefined;
  if (isChanged) return { ...base(), change: "changed", before, after, metadata };
  return { ...base(metadata), change: "metadata", before, after, metadata };
}

/** Files that hold listed files, other than disks and partitions. */
export function archivesOf(entries: readonly ListedEntry[], paths: readonly string[]): ReadonlySet<string> {
  const folders = foldersOf(paths);
  return new Set(
    entries.filter(({ path, digest }) => digest !== undefined && folders.has(path)).map(({ path }) => path),
  );
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
