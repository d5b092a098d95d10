import { globSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

const project = resolve(import.meta.dirname, "../../..");

/** A top-level folder with sources, such as `core`. */
export interface Wing {
  readonly name: string;
  /** The folders in it, such as `core/meta`, and the wing's own name for the files that are in none. */
  readonly rooms: readonly Room[];
}

export interface Room {
  readonly name: string;
  /** How many source files are in it and below, without tests. */
  readonly files: number;
}

/** That files of one room, or wing, import files of another one. */
export interface Imports {
  readonly from: string;
  readonly to: string;
  /** How many files do. */
  readonly files: number;
}

export interface House {
  readonly wings: readonly Wing[];
  /** Between the rooms of one wing. */
  readonly indoors: readonly Imports[];
  /** Between wings. */
  readonly outdoors: readonly Imports[];
}

/** Reads which rooms there are and who imports whom, as the sources have it now. */
export function readHouse(): House {
  const wings = wingNames();
  const files = globSync(`{${wings.join(",")}}/**/*.{ts,tsx}`, { cwd: project })
    .filter((file) => !/\.test\.tsx?$|\/(test|fake)-|\.d\.ts$/.test(file))
    .sort();
  const imports = files.flatMap((file) => importedBy(file).map((target) => ({ file, target })));
  return {
    wings: wings.map((name) => ({ name, rooms: roomsOf(files.filter((file) => wingOf(file) === name)) })),
    indoors: count(imports, roomOf).filter(({ from, to }) => wingOf(from) === wingOf(to)),
    outdoors: count(imports, wingOf).filter(({ to }) => wings.includes(to)),
  };
}

/** The rooms that the compiler knows, but for those of tests. */
function wingNames(): string[] {
  const { references } = JSON.parse(readFileSync(join(project, "tsconfig.json"), "utf8")) as {
    references: { path: string }[];
  };
  return references.map(({ path }) => path).filter((path) => !["tests", "bench"].includes(path));
}

function roomsOf(files: readonly string[]): Room[] {
  return [...Map.groupBy(files, roomOf)].map(([name, { length }]) => ({ name, files: length }));
}

function importedBy(file: string): string[] {
  const text = readFileSync(join(project, file), "utf8");
  return [...text.matchAll(/\b(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)].map(([, path = ""]) =>
    join(dirname(file), path),
  );
}

const wingOf = (path: string) => path.split("/")[0] ?? "";

function roomOf(file: string): string {
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
