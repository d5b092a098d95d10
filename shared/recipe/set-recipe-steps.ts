import { type InstallChoices, recipeBootEntry } from "./install-choices.ts";
import { parseRecipe } from "./recipe.ts";
import { setKeys } from "./set-keys.ts";

interface UsedSteps {
  /** The folder of the recipe: an absolute path. */
  readonly folder: string;
  /** The steps file: an absolute path. */
  readonly steps: string;
  /** The choices with which the steps were recorded. */
  readonly choices: InstallChoices;
}

/**
 * The text of a recipe that installs by the steps of a file, in place of its own steps, from the ISO and on the machine on which
 * they were recorded. Its other lines stay as they are.
 *
 * @throws AppError `invalid-recipe`
 */
export function setRecipeSteps(text: string, { folder, steps, choices }: UsedSteps): string {
  const source = `${folder}/recipe.yaml`;
  const recipe = parseRecipe(text, source);
  const { iso, machine, size } = choices;
  const own = recipeBootEntry(recipe, choices);
  const bootEntry = choices.bootEntry === undefined ? own : (choices.bootEntry ?? undefined);
  const fromFolder = (path: string) => (path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : path);
  const file = fromFolder(steps);
  const changed = setKeys(text, {
    install: undefined,
    steps: file,
    ...(iso && { iso: "path" in iso ? { path: fromFolder(iso.path) } : iso }),
    ...(bootEntry !== recipe.bootEntry && { bootEntry }),
    ...(machine !== undefined && fromFolder(machine) !== recipe.machine && { machine: fromFolder(machine) }),
    ...(size !== undefined && size !== recipe.size && { size }),
  });
  // No one gets a recipe that can't be read.
  parseRecipe(changed, source);
  return changed;
}
