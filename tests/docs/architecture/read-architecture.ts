import { globSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { importsIn } from "./read-imports.ts";

const project = resolve(import.meta.dirname, "../../..");

/** A top-level folder with sources, such as `core`. */
export interface TopFolder {
  readonly name: string;
  /** The folders in it, such as `core/image`, and its own name for the files that are in none. */
  readonly folders: readonly Folder[];
}

export interface Folder {
  readonly name: string;
  /** How many source files are in it and below, without tests. */
  readonly files: number;
}

/** That files of one folder, or top-level folder, import files of another one. */
export interface Imports {
  readonly from: string;
  readonly to: string;
  /** How many files do. */
  readonly files: number;
}

export interface Architecture {
  readonly topFolders: readonly TopFolder[];
  /** Between the folders of one top-level folder. */
  readonly within: readonly Imports[];
  /** Between top-level folders. */
  readonly between: readonly Imports[];
}

/** Reads which folders there are and who imports whom, as the sources have it now. */
export function readArchitecture(): Architecture {
  const topFolders = topFolderNames();
  const files = sourceFiles();
  const imports = files.flatMap((file) =>
    importsIn(file, readFileSync(join(project, file), "utf8")).map((target) => ({ file, target })),
  );
  return {
    topFolders: topFolders.map((name) => ({
      name,
      folders: foldersOf(files.filter((file) => topFolderOf(file) === name)),
    })),
    within: count(imports, folderOf).filter(({ from, to }) => topFolderOf(from) === topFolderOf(to)),
    between: count(imports, topFolderOf).filter(({ to }) => topFolders.includes(to)),
  };
}

/** The sources without tests and what only tests use, by their paths in the project. */
export function sourceFiles(): readonly string[] {
  return globSync(`{${topFolderNames().join(",")}}/**/*.{ts,tsx}`, { cwd: project })
    .filter((file) => !isOfTests(file) && !file.endsWith(".d.ts"))
    .sort();
}

/** Whether a file is a test, or only tests use it. */
export function isOfTests(file: string): boolean {
  return /\.test\.tsx?$|\/test-[^/]*$/.test(file);
}

/** The folders that the compiler knows, but for those of tests. */
function topFolderNames(): string[] {
  const { references } = JSON.parse(readFileSync(join(project, "tsconfig.json"), "utf8")) as {
    references: { path: string }[];
  };
  return references.map(({ path }) => path).filter((path) => !["tests", "bench", "scripts"].includes(path));
}

function foldersOf(files: readonly string[]): Folder[] {
  return [...Map.groupBy(files, folderOf)].map(([name, { length }]) => ({ name, files: length }));
}

const topFolderOf = (path: string) => path.split("/")[0] ?? "";

function folderOf(file: string): string {
  return dirname(file).split("/").slice(0, 2).join("/");
}

function count(
  imports: readonly { readonly file: string; readonly target: string }[],
  placeOf: (path: string) => string,
): Imports[] {
  const between = imports.filter(({ file, target }) => placeOf(file) !== placeOf(target));
  const grouped = Map.groupBy(between, ({ file, target }) => `${placeOf(file)} ${placeOf(target)}`);
  return [...grouped].map(([names, found]) => {
    const [from = "", to = ""] = names.split(" ");
    return { from, to, files: new Set(found.map(({ file }) => file)).size };
  });
}
