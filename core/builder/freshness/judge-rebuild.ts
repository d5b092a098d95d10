import type { RebuildPlan } from "../../../shared/contracts/plan.ts";
import type { UpToDateArchive } from "../../../shared/session/build.ts";
import { readPlannedSet } from "../../image-set/planned-set.ts";
import { keptDigests } from "../../storage/digest-store.ts";
import type { Paths } from "../../storage/paths.ts";
import { setupChoices } from "../inputs/setup-choices.ts";
import { type Judgement, judgeImage } from "./judge-image.ts";

/** Judges the image that a plan is to build. Large files are read only if they have changed since they were read last. */
export async function judgeRebuild(
  plan: RebuildPlan,
  paths: Paths,
  signal?: AbortSignal,
): Promise<Judgement> {
  const choices = plan.image === "setup" ? setupChoices(plan) : {};
  const options = { choices, digests: keptDigests(paths, signal) };
  const judgement = await judgeImage(paths, readPlannedSet(plan), plan.image, options);
  signal?.throwIfAborted();
  return judgement;
}

/**
 * Whether a plan builds also an image that is up to date: a person has asked for that, installs by hand, tries a failed
 * build again, or wants rules to apply.
 */
export function alwaysBuilds({ force, byHand, rules, retry }: RebuildPlan): boolean {
  return force || byHand || rules !== undefined || retry !== undefined;
}

/** Whether an image is up to date by all that is known before a build. */
export function upToDateOf({ known, changed }: Judgement): UpToDateArchive | undefined {
  if (!known || changed.length > 0) return undefined;
  return { built: known.record.finished, inputs: known.record.inputs.length };
}

/** The image that a plan need not build, since it is up to date; undefined if it has to be built. */
export async function findUpToDate(
  plan: RebuildPlan,
  paths: Paths,
  signal?: AbortSignal,
): Promise<UpToDateArchive | undefined> {
  return alwaysBuilds(plan) ? undefined : upToDateOf(await judgeRebuild(plan, paths, signal));
}

/** Whether an image would be up to date if its guest tools, which only their build command knows, are the same. */
export function dependsOnGuestTools({ known, changed }: Judgement): boolean {
  const isUnknown = changed.every(({ kind, change }) => kind === "guest-tools" && change === "unknown");
  return known !== undefined && changed.length > 0 && isUnknown;
}
