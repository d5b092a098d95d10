/** A folder of a listing, with all that the listing has of it. */
export interface Folder {
  readonly path: string;
  readonly folders: ReadonlyMap<string, Folder>;
  /** Names of the plain files in it. */
  readonly files: readonly string[];
  /** How many files are in it and below. */
  readonly count: number;
}

interface GrowingFolder extends Folder {
  readonly folders: Map<string, GrowingFolder>;
  readonly files: string[];
  count: number;
}

function emptyFolder(path: string): GrowingFolder {
  return { path, folders: new Map(), files: [], count: 0 };
}

/** Puts the absolute paths of files into folders, from the root. */
export function treeOf(files: readonly string[]): Folder {
  const root = emptyFolder("/");
  for (const file of files) {
    const names = file.split("/").filter((name) => name !== "");
    const own = names.pop();
    if (own === undefined) continue;
    let folder = root;
    folder.count += 1;
    for (const name of names) {
      const path = `${folder.path === "/" ? "" : folder.path}/${name}`;
      const next = folder.folders.get(name) ?? emptyFolder(path);
      folder.folders.set(name, next);
      next.count += 1;
      folder = next;
    }
    folder.files.push(own);
  }
  return root;
}

/** A line of the tree as it is shown. */
export interface TreeRow {
  readonly kind: "folder" | "file";
  readonly name: string;
  readonly path: string;
  /** From 0. */
  readonly depth: number;
  /** The number of files in a folder and below. */
  readonly count: number;
  /** Absent for a file. */
  readonly isOpen?: boolean;
}

/** The folder of that path, or the one nearest to it. */
export function findFolder(root: Folder, path: string): Folder {
  const names = path.split("/").filter((name) => name !== "");
  return names.reduce((folder, name) => folder.folders.get(name) ?? folder, root);
}

/** The lines of the open folders: folders first, each by name. */
export function rowsOf(folder: Folder, isOpen: (path: string) => boolean, depth = 0): readonly TreeRow[] {
  const rows: TreeRow[] = [];
  addRows(rows, folder, isOpen, depth);
  return rows;
}

function addRows(
  rows: TreeRow[],
  { path, folders, files }: Folder,
  isOpen: (path: string) => boolean,
  depth: number,
) {
  for (const [name, folder] of [...folders].sort(([a], [b]) => compare(a, b))) {
    const open = isOpen(folder.path);
    rows.push({ kind: "folder", name, path: folder.path, depth, count: folder.count, isOpen: open });
    if (open) addRows(rows, folder, isOpen, depth + 1);
  }
  for (const name of files.toSorted(compare)) {
    const file = `${path === "/" ? "" : path}/${name}`;
    rows.push({ kind: "file", name, path: file, depth, count: 0 });
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
