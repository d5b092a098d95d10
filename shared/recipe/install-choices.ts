import type { z } from "zod";
import type { chosenIsoSchema, Recipe } from "./recipe.ts";

/** The choices of a person for one installation of a setup image, in place of the recipe's values. */
export interface InstallChoices {
  /** Paths are absolute. */
  readonly iso?: z.output<typeof chosenIsoSchema> | undefined;
  /** The title or number of the ISO's boot entry whose kernel is booted; null for the CD. */
  readonly bootEntry?: string | null | undefined;
  /** An absolute path of a machine definition. */
  readonly machine?: string | undefined;
  /** GiB of the disk. */
  readonly size?: number | undefined;
}

/** The recipe's boot entry, if it applies: not to an ISO that was chosen in place of the recipe's. */
export function recipeBootEntry(
  recipe: Pick<Recipe, "iso" | "bootEntry">,
  { iso }: Pick<InstallChoices, "iso">,
): string | undefined {
  return recipe.iso && iso ? undefined : recipe.bootEntry;
}
