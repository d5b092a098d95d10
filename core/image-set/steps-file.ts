import { dirname } from "node:path";
import { maximumRecipeBytes } from "../../shared/recipe/recipe.ts";
import { parseStepsFile, type StepsFile } from "../../shared/recipe/steps-file.ts";
import { requireRegularFile } from "../files/regular-file.ts";
import { readTextFile } from "../files/text-file.ts";
import type { ImageSet } from "./image-set.ts";
import { moveStep } from "./move-step.ts";

/** @throws AppError `missing-file`, `invalid-recipe`; as `readTextFile` when it can't be read */
export function readStepsFile(path: string): StepsFile {
  requireRegularFile(path, { advice: "Give the path of a file with install steps." });
  return parseStepsFile(
    readTextFile(path, { maximumBytes: maximumRecipeBytes, code: "invalid-recipe" }),
    path,
  );
}

/** The part of an image set that steps change. */
type SetWithSteps = Readonly<Pick<ImageSet, "folder" | "recipe">>;

/**
 * An image set whose setup image is installed by the steps of a file, in place of its recipe's.
 *
 * @param path of the file; undefined for the recipe's own steps @throws as `readStepsFile`
 */
export function withSteps<Set extends SetWithSteps>(set: Set, path: string | undefined): Set {
  if (path === undefined) return set;
  const { note: _note, bootEntry = set.recipe.bootEntry, ...steps } = readStepsFile(path);
  // Their paths start at the file, and those of a recipe at its folder.
  const install = steps.install.map((step) => moveStep(step, dirname(path), set.folder));
  return { ...set, recipe: { ...set.recipe, ...steps, install, ...(bootEntry && { bootEntry }) } };
}
