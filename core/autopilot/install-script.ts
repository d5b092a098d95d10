import { resolve } from "node:path";
import type { ConsoleName, InstallStep } from "../../shared/recipe/install-step.ts";
import type { Recipe } from "../../shared/recipe/recipe.ts";
import { requireRegularFile } from "../files/regular-file.ts";
import { readRegionPicture } from "./region/region-picture.ts";
import { findTypedValues, type TypedValues } from "./typed-values.ts";

/** The steps of an installation. */
export interface InstallScript {
  /** The console on which they wait and type. */
  readonly console: ConsoleName;
  readonly steps: readonly InstallStep[];
  /** The recipe's folder, where their relative paths start. */
  readonly folder: string;
  /** The values of the variables and secrets that they type. */
  readonly values: TypedValues;
}

interface ScriptOptions {
  /** The values that a person has given variables, in place of the recipe's. */
  readonly variables?: Readonly<Record<string, string>> | undefined;
  /** The values of secrets that a person has given; the environment has the others. */
  readonly secrets?: Readonly<Record<string, string>> | undefined;
}

/**
 * The install steps of a recipe in that folder; undefined when it has none.
 *
 * @throws AppError as `findTypedValues` when a variable or a secret has no value; as `requireStepFiles`
 */
export function installScript(
  folder: string,
  { console, install, variables }: Pick<Recipe, "console" | "install" | "variables">,
  { variables: given = {}, secrets }: ScriptOptions = {},
): InstallScript | undefined {
  if (install.length === 0) return undefined;
  const values = findTypedValues(install, { variables: { ...variables, ...given }, secrets });
  requireStepFiles(folder, install);
  return { console, steps: install, folder, values };
}

/**
 * Refuses steps that name files which are not there: at once, and not only after the steps before them, which take minutes.
 *
 * @param folder the recipe's @throws AppError `missing-file`; as `openRegularFile`; as `readRegionPicture`
 */
export function requireStepFiles(folder: string, steps: readonly InstallStep[]): void {
  const advice = "Check the paths in the recipe's install steps.";
  for (const { region, insert } of steps) {
    if (insert !== undefined)
      requireRegularFile(resolve(folder, insert), { kinds: ["file", "folder", "block device"], advice });
    if (region === undefined) continue;
    requireRegularFile(resolve(folder, region), { advice });
    readRegionPicture(resolve(folder, region));
  }
}
