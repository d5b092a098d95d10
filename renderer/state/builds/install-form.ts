import type { RememberedInstall } from "../../../shared/app/window-state.ts";
import type { InstallOptions } from "../../../shared/contracts/app-contract.ts";
import { findBootEntry } from "../../../shared/library/describe-iso-facts.ts";
import type { IsoFacts } from "../../../shared/library/iso-facts.ts";
import type { ImageSet } from "../../../shared/library/library.ts";
import { limits } from "../../../shared/limits.ts";
import { stepsFileEnd } from "../../../shared/recipe/steps-file.ts";
import { remember, windowState } from "../connection/window-state.ts";

/** The choices of a person for an installation by hand, as they were made: size and memory only if they were typed. */
export type InstallForm = RememberedInstall;

/** The set's last installation, else the recipe's values. @param iso the opened ISO, if opening one led to the form */
export function recallInstall(set: ImageSet, iso: string | undefined): InstallForm {
  const first: InstallForm = {
    source: set.hasIso ? "recipe" : "file",
    ...{ path: "", url: "", sha256: "", bootEntry: firstEntry(set), machine: set.machineFile },
  };
  const kept = windowState.getState().installs?.[set.folder];
  const form = kept ?? first;
  if (iso !== undefined && form.path !== iso) return { ...first, source: "file", path: iso };
  if (iso !== undefined) return { ...form, source: "file" };
  return form.source === "recipe" && !set.hasIso ? { ...form, source: "file" } : form;
}

/** The boot entry of an ISO that has just been chosen: the recipe's, or the CD. */
export function firstEntry({ bootEntry = "" }: ImageSet): string {
  return bootEntry;
}

/** Whether the steps of a file that is still there install, and not a person. */
export function usesSteps({ stepsFiles }: ImageSet, { steps }: InstallForm): boolean {
  return stepsFiles.some(({ path }) => path === steps);
}

/** The set with a steps file that the library may not have seen yet. */
export function withStepsFile(set: ImageSet, path: string): ImageSet {
  const { stepsFiles } = set;
  return stepsFiles.some((one) => one.path === path)
    ? set
    : { ...set, stepsFiles: [...stepsFiles, { path }] };
}

/** A name for the recorded steps that no file of the set has. */
export function newStepsFile(folder: string, stepsFiles: ImageSet["stepsFiles"]): string {
  for (let number = 1; ; number += 1) {
    const path = `${folder}/recorded${number === 1 ? "" : `-${number}`}${stepsFileEnd}`;
    if (!stepsFiles.some((one) => one.path === path)) return path;
  }
}

/** Keeps the choices for the set's next installation. */
export function rememberInstall({ folder }: ImageSet, form: InstallForm): void {
  remember({ installs: { [folder]: form } });
}

/** The size and memory of a form, in GiB and MiB as a person types them; what was typed is never replaced. */
export function filledIn(set: ImageSet, form: InstallForm, facts: IsoFacts | undefined) {
  const { size = 0, memory = 0 } = facts?.distribution?.suggested ?? {};
  return {
    size: form.size ?? `${Math.max(set.diskSize, size)}`,
    // The usual memory is enough for most.
    memory: form.memory ?? (memory > limits.usualMemory ? `${memory}` : ""),
  };
}

/** The choices for the engine. A boot entry that the ISO does not have is left out, once that is known. */
export function installOptions(
  set: ImageSet,
  form: InstallForm,
  facts: IsoFacts | undefined,
): Omit<InstallOptions, "folder"> {
  const { source, path, url, sha256, bootEntry, machine } = form;
  const isoOf = {
    recipe: undefined,
    file: { path },
    address: { url: url.trim(), sha256: sha256.trim().toLowerCase() },
  };
  const { size, memory } = filledIn(set, form, facts);
  const mayHaveEntry = bootEntry !== "" && (!facts || findBootEntry(facts.entries, bootEntry));
  // The recipe's would apply where none is named.
  const noEntry = set.bootEntry === undefined ? {} : { bootEntry: null };
  return {
    iso: isoOf[source],
    machine,
    ...(usesSteps(set, form) && { steps: form.steps }),
    size: Number(size),
    ...(memory && { memory: Number(memory) }),
    ...(source === "file" && (mayHaveEntry ? { bootEntry } : noEntry)),
  };
}
