import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import type { BuildInput } from "../../shared/library/library.ts";
import { plainDigests } from "../files/digest.ts";
import { requireRegularFile } from "../files/regular-file.ts";
import type { ImageSet } from "../image-set/image-set.ts";
import { type DataFile, makeDataIso } from "../iso/data-iso.ts";
import type { Preparation } from "./build-plan.ts";
import { performStep } from "./build-step.ts";
import type { KnownArchive } from "./freshness/build-records.ts";
import { UpToDate } from "./freshness/up-to-date.ts";
import { builtGuestTools, guestToolsAreUnknown } from "./inputs/build-inputs.ts";
import { changedInputs, inputKey } from "./inputs/compare-inputs.ts";
import { prepareGuestTools } from "./prepare-guest-tools.ts";
import { workFiles } from "./retry/retry-work.ts";

/** Guest tools that were built for a set, and the inputs that they were built from. */
export interface BuiltTools {
  readonly files: readonly DataFile[];
  readonly inputs: readonly BuildInput[];
}

interface KnownTools {
  /** Guest tools that were built already, in whose place none are built if their inputs are still the same. */
  readonly builtTools?: BuiltTools | undefined;
  /** An archive that the build would make again if the guest tools are the same: their sources are not known. */
  readonly same: KnownArchive | undefined;
}

/**
 * Makes the data CD, or the part of it that an earlier try of the build did not make.
 *
 * @throws UpToDate when the guest tools are the same.
 */
export async function prepareDataCd(
  set: ImageSet,
  { folder, report, run, inputs, checkInputs, addInput }: Preparation,
  { same, builtTools }: KnownTools,
): Promise<string> {
  const made = join(folder, workFiles.dataCd);
  if (existsSync(made)) return made;
  const where = { recipeFolder: set.folder, folder };
  const built = builtTools && areSameTools(set, builtTools.inputs, inputs) ? builtTools.files : undefined;
  const tools = built
    ? await performStep(report, "guest-tools", async () => built)
    : existsSync(join(folder, workFiles.guestTools))
      ? await prepareGuestTools(set.recipe.guestTools, { ...where, run: async () => "" })
      : await performStep(report, "guest-tools", () =>
          prepareGuestTools(set.recipe.guestTools, { ...where, run }),
        );
  if (guestToolsAreUnknown(set)) {
    const binary = join(set.folder, set.recipe.guestTools?.binary ?? "");
    const tools = await addInput(() => builtGuestTools(binary, plainDigests()));
    if (
      same?.record.inputs.some(
        (input) => inputKey(input) === inputKey(tools) && input.digest === tools.digest,
      )
    )
      throw new UpToDate(same);
  }
  return await performStep(report, "data-cd", async () => {
    // A file that is edited now, and restored before the next check, would look unchanged.
    await checkInputs();
    const files = set.recipe.cd.map((path) => ({
      name: basename(path),
      from: requireRegularFile(join(set.folder, path), {
        advice: `The recipe of ${set.name} puts it on the data CD.`,
      }),
    }));
    return await makeDataIso([...files, ...tools], folder, run);
  });
}

/** Whether guest tools that were built from some inputs are those that a build would make now. */
function areSameTools(set: ImageSet, before: readonly BuildInput[], now: readonly BuildInput[]): boolean {
  const ofTools = (inputs: readonly BuildInput[]) => inputs.filter(({ kind }) => kind === "guest-tools");
  return !guestToolsAreUnknown(set) && changedInputs(ofTools(before), ofTools(now)).length === 0;
}
