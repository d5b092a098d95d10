import { join } from "node:path";
import type { ConsoleName, InstallStep } from "../../shared/recipe/install-step.ts";
import type { Recipe } from "../../shared/recipe/recipe.ts";

/** The steps of an installation. */
export interface InstallScript {
  /** The console on which they wait and type. */
  readonly console: ConsoleName;
  /** Their paths are absolute. */
  readonly steps: readonly InstallStep[];
}

/** The install steps of a recipe in that folder; undefined when it has none. */
export function installScript(
  folder: string,
  { console, install }: Pick<Recipe, "console" | "install">,
): InstallScript | undefined {
  if (install.length === 0) return undefined;
  const steps = install.map((step) =>
    step.insert === undefined ? step : { ...step, insert: join(folder, step.insert) },
  );
  return { console, steps };
}
