import type { ImageSet } from "../../../shared/library/library.ts";
import { library } from "../connection/app-state.ts";
import { filesInFront } from "../layout/all-panels.ts";
import { openDialog } from "../messages/dialogs.ts";

/** The image set that a scenario belongs to. */
export function setOfScenario(path: string | undefined): ImageSet | undefined {
  const sets = library.getState().value?.sets ?? [];
  return sets.find(({ scenarios }) => path !== undefined && scenarios.includes(path));
}

/** Asks which scenarios of an image set are run; one that is open in an editor is chosen at first. */
export function askToRunScenario(set: ImageSet): void {
  const file = filesInFront().find((path) => set.scenarios.includes(path));
  openDialog({ name: "scenario", set, ...(file !== undefined && { file }) });
}

/** Why no scenario of an image set can be run; undefined if one can. */
export function runScenarioObstacle(set: ImageSet | undefined): string | undefined {
  if (!set) return "No image set is chosen";
  if (set.scenarios.length === 0) return "The image set has no scenarios";
  if (!set.worker.archive) return "The image set has no worker image yet";
  return set.worker.archive.problem?.message;
}
