import { existsSync } from "node:fs";
import type { ComparedInput } from "../../shared/library/library.ts";
import { judgeImage } from "../builder/freshness/judge-image.ts";
import type { ImageSet } from "../image-set/image-set.ts";
import { keptDigests } from "../storage/digest-store.ts";
import type { Paths } from "../storage/paths.ts";

/** The effect of a round on the setup image of its set. */
export interface SetupChanges {
  /** The inputs that have changed since the setup image was built; none: it stays as it is. */
  readonly changed: readonly string[];
  /** The reason why Tinsmith can't rebuild it by itself, with what to do; absent: it can. */
  readonly obstacle?: string | undefined;
}

/** Inputs of which a person decides. Another version of a program is not a reason to install again. */
function isOfPerson({ kind, change }: ComparedInput): boolean {
  return change !== undefined && !["tool", "archive", "choice"].includes(kind) && change !== "not-recorded";
}

/**
 * Judges the setup image of a set, which is rebuilt only if it was built here, and its recipe alone says how.
 *
 * @param saved the files that have changed for this round, by their names
 */
export async function judgeSetup(
  set: ImageSet,
  saved: readonly string[],
  paths: Paths,
  signal: AbortSignal,
): Promise<SetupChanges> {
  const { recipe, folder, setupImage } = set;
  if (!existsSync(setupImage)) return { changed: [] };
  const { known, inputs } = await judgeImage(paths, set, "setup", { digests: keptDigests(paths, signal) });
  signal.throwIfAborted();
  const install = `tinsmith rebuild setup --recipe ${folder}`;
  if (!known)
    return saved.includes(recipe.machine)
      ? {
          changed: [recipe.machine],
          obstacle: `${recipe.machine} decides how a setup image is built, and ${setupImage} was not built here: build one with ${install}`,
        }
      : { changed: [] };
  const changed = inputs.filter(isOfPerson).map(({ name }) => name);
  if (changed.length === 0) return { changed };
  const choices = inputs.filter(({ kind, before }) => kind === "choice" && before !== undefined);
  const because = (reason: string, args: string) => ({
    changed,
    obstacle: `${changed.join(", ")} changed since ${setupImage} was built, and ${reason}: build it again with ${install}${args}`,
  });
  if (choices.length > 0) return because("it was built by a person's choices", ", and the same choices");
  if (!recipe.iso) return because("the recipe names no ISO", " --by-hand --boot ISO");
  if (recipe.install.length === 0) return because("a person installs it", "");
  return { changed };
}
