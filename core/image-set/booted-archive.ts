import { existsSync } from "node:fs";
import type { RebuildPlan, RunPlan, ScenarioPlan, WatchPlan } from "../../shared/contracts/plan.ts";
import { readImageSet } from "./image-set.ts";
import { readPlannedSet } from "./planned-set.ts";

/** A plan that boots an archive which a person may have to accept first. */
export type BootingPlan = RunPlan | ScenarioPlan | RebuildPlan | WatchPlan;

/**
 * Finds the archive that a plan boots, if it exists before the plan is performed: a setup image is installed from an ISO,
 * and the rebuild of a worker image, also by a watch, builds a setup image that is missing. A kept checkpoint was made here,
 * of an image that was booted then, and of which the archive may be another one by now.
 *
 * @throws AppError as `readImageSet` does.
 */
export function bootedArchive(plan: BootingPlan): string | undefined {
  if (plan.kind === "scenario") return plan.archive;
  if (plan.kind === "run") return plan.checkpoint === undefined ? plan.archive : undefined;
  if (plan.kind === "rebuild" && plan.image === "setup") return undefined;
  const { setupImage } = plan.kind === "rebuild" ? readPlannedSet(plan) : readImageSet(plan.folder);
  return existsSync(setupImage) ? setupImage : undefined;
}
