import { basename, join, resolve } from "node:path";
import { maximumRecipeBytes, parseRecipe, type Recipe } from "../../shared/recipe.ts";
import { requireFile } from "../files/files.ts";
import { readTextFile } from "../files/text-file.ts";

/** A folder with a recipe, and the two archives that are made by it. */
export interface ImageSet {
  readonly name: string;
  /** Absolute. */
  readonly folder: string;
  readonly recipe: Recipe;
  /** Paths of the archives, whether they exist or not. */
  readonly setupImage: string;
  readonly workerImage: string;
}

/**
 * Reads the recipe of an image set.
 *
 * @param folder the folder, or its recipe.yaml.
 * @throws AppError `missing-file` or `invalid-recipe`.
 */
export function readImageSet(folder: string): ImageSet {
  const path = folder.endsWith(".yaml") ? resolve(folder) : resolve(folder, "recipe.yaml");
  requireFile(path, "An image set is a folder with a recipe.yaml.");
  const text = readTextFile(path, { maximumBytes: maximumRecipeBytes, code: "invalid-recipe" });
  const recipe = parseRecipe(text, path);
  const set = resolve(path, "..");
  const name = basename(set);
  return {
    name,
    folder: set,
    recipe,
    setupImage: join(set, recipe.outputs.setup ?? `${name}-setup.tar.lz4`),
    workerImage: join(set, recipe.outputs.worker ?? `${name}-worker.tar.lz4`),
  };
}
