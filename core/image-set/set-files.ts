import { existsSync, lstatSync, readdirSync, realpathSync } from "node:fs";
import { basename, dirname, join, resolve, sep } from "node:path";
import { AppError } from "../../shared/errors/errors.ts";
import type { SetFile } from "../../shared/library/set-file.ts";
import { type Recipe, recipeSchema } from "../../shared/recipe/recipe.ts";
import { stepsFileEnd } from "../../shared/recipe/steps-file.ts";
import { statusOf } from "../files/regular-file.ts";
import { setRulesFile } from "./read-rules.ts";

/** The folder of an image set's scenarios. */
export const scenarioFolder = "scenarios";

/** The folders in a workspace, and those of them that are image sets: that have a recipe. */
export function workspaceFolders(workspace: string): {
  readonly all: readonly string[];
  readonly sets: readonly string[];
} {
  if (!statusOf(workspace)?.isDirectory()) return { all: [], sets: [] };
  const entries = readdirSync(workspace, { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() || entry.isSymbolicLink(),
  );
  const all = entries.map(({ name }) => join(workspace, name)).sort();
  return { all, sets: all.filter((folder) => existsSync(join(folder, "recipe.yaml"))) };
}

function setFolders(workspace: string): readonly string[] {
  return workspaceFolders(workspace).sets;
}

/**
 * The text files that an image set is written in, of those that are there.
 *
 * @param recipe absent when it can't be read: then the set is taken for one as most are.
 */
export function setFiles(folder: string, recipe: Recipe = recipeSchema.parse({})): readonly SetFile[] {
  const named: readonly SetFile[] = [
    { path: "recipe.yaml", kind: "recipe" },
    ...stepsFiles(folder)
      .concat(recipe.steps ?? [])
      .map((path): SetFile => ({ path, kind: "steps" })),
    { path: recipe.machine, kind: "machine" },
    { path: setRulesFile, kind: "rules" },
    ...recipe.cd.map((path): SetFile => ({ path, kind: "other" })),
  ];
  const files = named.map(({ path, kind }) => ({ path: resolve(folder, path), kind }));
  const unique = new Map(files.toReversed().map((file) => [file.path, file]));
  return [...unique.values()].toReversed().filter(({ path }) => statusOf(path)?.isFile());
}

/** The scenario files of an image set, in the order of their names. */
export function scenarioFiles(folder: string): readonly string[] {
  return filesIn(join(folder, scenarioFolder), ".yaml");
}

/** The steps files in the folder of an image set, in the order of their names. */
export function stepsFiles(folder: string): readonly string[] {
  return filesIn(folder, stepsFileEnd);
}

/** The files of a folder whose names end so; none of a folder that is not there. */
function filesIn(folder: string, end: string): readonly string[] {
  if (!statusOf(folder)?.isDirectory()) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(end))
    .sort()
    .map((name) => join(folder, name))
    .filter((path) => statusOf(path)?.isFile());
}

/**
 * The file that a path leads to, links followed, when it is in the folder of an image set; it need not exist.
 *
 * @throws AppError `usage` for any other: the window has no business there.
 */
export function requireSetFile(path: string, workspaces: readonly string[]): string {
  const sets = [...workspaces.flatMap(setFolders), ...setWithoutRecipe(path, workspaces)];
  const folders = sets.map((folder) => realpathSync(folder));
  const place = existsSync(path)
    ? realpathSync(path)
    : join(realFolder(resolve(path, "..")), basename(resolve(path)));
  // Other links are resolved: a link here leads nowhere.
  const status = lstatSync(place, { throwIfNoEntry: false });
  const isFile = status === undefined || status.isFile();
  if (isFile && folders.some((folder) => place.startsWith(folder + sep))) return place;
  throw new AppError({
    code: "usage",
    message: `${path} is not a file of an image set in the library`,
    advice:
      "Open a file of an image set. The settings list the folders in which Tinsmith looks for image sets.",
  });
}

/**
 * The folder of a recipe that is no longer there, and may be put back: without it, the folder is not an image set.
 */
function setWithoutRecipe(path: string, workspaces: readonly string[]): readonly string[] {
  const folder = dirname(path);
  const isRecipe = basename(path) === "recipe.yaml" && workspaces.includes(dirname(folder));
  return isRecipe && existsSync(folder) ? [folder] : [];
}

/** The folder without links in its path, as far as it exists. */
function realFolder(folder: string): string {
  return existsSync(folder) ? realpathSync(folder) : join(realFolder(dirname(folder)), basename(folder));
}
