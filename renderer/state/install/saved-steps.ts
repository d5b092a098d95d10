import { createStore } from "zustand/vanilla";
import type { ImageSet } from "../../../shared/library/library.ts";
import type { InstallChoices } from "../../../shared/recipe/install-choices.ts";
import { app } from "../../client/api-client.ts";

/** The steps files into which this window has saved recordings last, by their sessions. */
export const savedSteps = createStore<Readonly<Record<string, string>>>(() => ({}));

/**
 * Has a set's recipe install by the steps of a file.
 *
 * @param choices those with which the steps were recorded
 * @throws AppError `invalid-recipe`, `file-changed`
 */
export async function writeRecipeSteps(
  { folder }: Pick<ImageSet, "folder">,
  steps: string,
  choices: InstallChoices,
): Promise<void> {
  // It reads YAML, which the rest of the window does not need.
  const { setRecipeSteps } = await import("../../../shared/recipe/set-recipe-steps.ts");
  const path = `${folder}/recipe.yaml`;
  const reading = new AbortController();
  try {
    for await (const recipe of await app().files.watch({ path }, { signal: reading.signal })) {
      const text = setRecipeSteps(recipe?.text ?? "", { folder, steps, choices });
      await app().files.save({ path, text, replaces: recipe?.digest ?? null });
      return;
    }
  } finally {
    reading.abort();
  }
}
