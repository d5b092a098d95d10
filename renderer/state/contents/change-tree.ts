import { type ChangeKind, type FileChange, growthOf } from "../../../shared/contents/compare-lists.ts";
import { foldersAround } from "./image-tree.ts";

/** The kinds of changes, in the order in which they are shown. */
export const changeKinds = [
  "added",
  "removed",
  "changed",
  "metadata",
] as const satisfies readonly ChangeKind[];

/** A folder with changes in it. */
export interface ChangedFolder {
  readonly path: string;
  readonly folders: ReadonlyMap<string, ChangedFolder>;
  /** Of the entries in it, but for folders with changes. */
  readonly changes: readonly FileChange[];
  /** Of the folder itself. */
  readonly own?: FileChange;
  /** Bytes of content that all changes in it add. */
  readonly growth: number;
  /** How many changes are in it and below. */
  readonly count: number;
}

/** A line of the tree of changes as it is shown. */
export interface ChangeRow {
  /** Its path. */
  readonly key: string;
  /** From 0. */
  readonly depth: number;
  /** Of a folder that has a single folder in it and nothing else: both names. */
  readonly name: string;
  /** Only of a folder with changes in it. */
  readonly isOpen?: boolean;
  readonly change?: FileChange | undefined;
  /** Bytes. */
  readonly growth: number;
  /** The number of changes in a folder. */
  readonly count: number;
}

/** The changes that a person wants to see. */
export interface ChangeFilter {
  readonly kinds: ReadonlySet<ChangeKind>;
  /** Whether those are left out that any two builds may have. */
  readonly hidesExpected: boolean;
}

export function pickChanges(
  changes: readonly FileChange[],
  { kinds, hidesExpected }: ChangeFilter,
): readonly FileChange[] {
  return changes.filter(
    ({ change, expected }) => kinds.has(change) && !(hidesExpected && expected !== undefined),
  );
}

/** Puts changes into their folders, from the top. */
export function changeTree(changes: readonly FileChange[]): ChangedFolder {
  const around = new Set(changes.flatMap(({ path }) => foldersAround(path)));
  const root = emptyFolder("/");
  for (const change of changes) {
    const names = namesIn(change.path);
    const isFolder = around.has(change.path);
    let folder = root;
    add(folder, change);
    for (const name of isFolder ? names : names.slice(0, -1)) {
      const path = `${folder.path === "/" ? "" : folder.path}/${name}`;
      const next = folder.folders.get(name) ?? emptyFolder(path);
      folder.folders.set(name, next);
      add(next, change);
      folder = next;
    }
    if (isFolder) folder.own = change;
    else folder.changes.push(change);
  }
  return root;
}

/** The lines of the tree, folders first. @param closed the paths of folders that a person has closed */
export function changeRows(tree: ChangedFolder, closed: ReadonlySet<string>): readonly ChangeRow[] {
  const rows: ChangeRow[] = [];
  addRows(rows, tree, closed, 0);
  return rows;
}

interface GrowingFolder extends ChangedFolder {
  readonly folders: Map<string, GrowingFolder>;
  readonly changes: FileChange[];
  own?: FileChange;
  growth: number;
  count: number;
}

function emptyFolder(path: string): GrowingFolder {
  return { path, folders: new Map(), changes: [], growth: 0, count: 0 };
}

function add(folder: GrowingFolder, change: FileChange): void {
  folder.growth += growthOf(change);
  folder.count += 1;
}

function addRows(
  rows: ChangeRow[],
  { path, folders, changes }: ChangedFolder,
  closed: ReadonlySet<string>,
  depth: number,
): void {
  const nameFrom = path === "/" ? 1 : path.length + 1;
  for (const child of [...folders.values()].sort(byPath)) {
    const folder = lastAlone(child);
    const { path: key, own: change, growth, count } = folder;
    const isOpen = !closed.has(key);
    rows.push({ key, depth, name: key.slice(nameFrom), isOpen, change, growth, count });
    if (isOpen) addRows(rows, folder, closed, depth + 1);
  }
  for (const change of changes.toSorted(byPath)) {
    const { path: key } = change;
    rows.push({ key, depth, name: key.slice(nameFrom), change, growth: growthOf(change), count: 1 });
  }
}

/** Goes into a folder as long as there is a single folder in it and nothing else. */
function lastAlone(folder: ChangedFolder): ChangedFolder {
  const [only, ...others] = folder.folders.values();
  const isAlone = only && others.length === 0 && folder.changes.length === 0 && !folder.own;
  return isAlone ? lastAlone(only) : folder;
}

function byPath(one: { readonly path: string }, other: { readonly path: string }): number {
  return one.path < other.path ? -1 : 1;
}

function namesIn(path: string): readonly string[] {
  return path.split("/").filter((name) => name !== "");
}
