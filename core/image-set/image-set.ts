import { basename, join, resolve } from "node:path";
import { AppError } from "../../shared/errors/errors.ts";
import { defaultArchiveName, type ImageKind } from "../../shared/library/library.ts";
import { maximumRecipeBytes, parseRecipe, type Recipe } from "../../shared/recipe/recipe.ts";
import { requireRegularFile, statusOf } from "../files/regular-file.ts";
import { readTextFile } from "../files/text-file.ts";
import { withSteps } from "./steps-file.ts";

/** A folder with a recipe, and the two archives that are made by it. */
export interface ImageSet {
  readonly name: string;
  /** Absolute. */
  readonly folder: string;
  /** The path of its recipe. */
  readonly recipeFile: string;
  /** Its install steps are those of the steps file, if it names one. */
  readonly recipe: Recipe;
  /** The absolute path of the steps file that the recipe names. */
  readonly stepsFile?: string;
  /** Paths of the archives, whether they exist or not. */
  readonly setupImage: string;
  readonly workerImage: string;
}

/**
 * Reads the recipe of an image set.
 *
 * @param folder the folder, or its recipe.yaml.
 * @throws AppError `missing-file` or `invalid-recipe`, also of the steps file that the recipe names; as `readTextFile` when one
 *   can't be read.
 */
export function readImageSet(folder: string): ImageSet {
  const path = folder.endsWith(".yaml") ? resolve(folder) : resolve(folder, "recipe.yaml");
  requireRegularFile(path, { advice: "An image set is a folder with a recipe.yaml." });
  const text = readTextFile(path, { maximumBytes: maximumRecipeBytes, code: "invalid-recipe" });
  const set = resolve(path, "..");
  const name = basename(set);
  const recipe = parseRecipe(text, path, name);
  const archive = (image: ImageKind) => join(set, recipe.outputs[image] ?? defaultArchiveName(name, image));
  const [setupImage, workerImage] = [archive("setup"), archive("worker")];
  requireTwoFiles(setupImage, workerImage);
  const stepsFile = recipe.steps === undefined ? undefined : resolve(set, recipe.steps);
  const read = { name, folder: set, recipeFile: path, recipe, setupImage, workerImage };
  return withSteps({ ...read, ...(stepsFile !== undefined && { stepsFile }) }, stepsFile);
}

/**
 * Refuses two archives that are one file by a link, since one image would be written over the other.
 *
 * @throws AppError `invalid-recipe`
 */
export function requireTwoFiles(setupImage: string, workerImage: string): void {
  const [setup, worker] = [statusOf(setupImage), statusOf(workerImage)];
  if (!setup || !worker || setup.ino !== worker.ino || setup.dev !== worker.dev) return;
  throw new AppError({
    code: "invalid-recipe",
    message: `${setupImage} and ${workerImage} are the same file`,
    advice: "Remove one of the two links, or give the images other names in outputs.",
  });
}
