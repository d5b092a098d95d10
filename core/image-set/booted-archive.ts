import { existsSync } from "node:fs";
import type { RebuildPlan, RunPlan, ScenarioPlan } from "../../shared/contracts/plan.ts";
import { readImageSet } from "./image-set.ts";

/**
 * Finds the archive that a plan boots, if it exists before the plan is performed: a setup image is installed from an ISO,
 * and the rebuild of a worker image builds a setup image that is missing.
 *
 * @throws AppError as `readImageSet` does.
 */
export function bootedArchive(plan: RunPlan | ScenarioPlan | RebuildPlan): string | undefined {
  if (plan.kind !== "rebuild") return plan.archive;
  if (plan.image === "setup") return undefined;
  const { setupImage } = readImageSet(plan.folder);
  return existsSync(setupImage) ? setupImage : undefined;
}
