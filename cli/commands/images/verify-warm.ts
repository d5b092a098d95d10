import { copyFileSync } from "node:fs";
import { basename, join } from "node:path";
import { setupState } from "../../../core/builder/warm/save-states.ts";
import { compareArchives } from "../../../core/contents/compare-images.ts";
import { createTemporaryFolder } from "../../../core/files/writing/temporary-folder.ts";
import { readImageSet } from "../../../core/image-set/image-set.ts";
import { type PlanContext, performPlan } from "../../../core/plan/perform-plan.ts";
import { saveImageState } from "../../../core/states/save-image-state.ts";
import type { FileChange } from "../../../shared/contents/compare-lists.ts";
import { formatChange } from "../../../shared/contents/describe-change.ts";
import type { RebuildPlan } from "../../../shared/contracts/plan.ts";
import { AppError } from "../../../shared/errors/errors.ts";
import type { BuildEvent } from "../../../shared/session/build.ts";
import { formatCount } from "../../../shared/text/format.ts";
import { exitStatus } from "../../support/exit-status.ts";
import { print, printNote } from "../../support/print.ts";

/**
 * Builds the worker image from the saved state of its setup image, then by a boot, and prints which files differ. The image
 * that was built by a boot stays.
 *
 * @returns the exit status: 1 if a file differs that two builds from the same should have alike
 */
export async function verifyWarm(plan: RebuildPlan, context: PlanContext): Promise<number> {
  const { paths, signal } = context;
  const onNote = (text: string) => printNote(text);
  const set = readImageSet(plan.folder);
  for (const wanted of setupState(set, plan.memory))
    (await saveImageState({ ...wanted, paths, signal, isForced: true, onNote })).state[Symbol.dispose]();
  using folder = createTemporaryFolder("verify", "the comparison of two builds");
  const kept = join(folder.path, basename(set.workerImage));
  let wasRestored = false;
  const onBuildEvent = (event: BuildEvent) => {
    if (event.type === "step-finished" && event.step === "restore") wasRestored = true;
    context.onBuildEvent?.(event);
  };
  await performPlan({ ...plan, force: true, cold: false }, { ...context, onBuildEvent });
  if (!wasRestored) throw notRestored();
  copyFileSync(set.workerImage, kept);
  await performPlan({ ...plan, force: true, cold: true }, context);
  const { comparison } = await compareArchives(kept, set.workerImage, { paths, signal, onNote });
  const { changes } = comparison;
  for (const change of changes) print(`${formatChange(change)}\n`);
  print(`${describeVerdict(changes)}\n`);
  return wrongOf(changes) === 0 ? exitStatus.success : exitStatus.failed;
}

function wrongOf(changes: readonly FileChange[]): number {
  return changes.filter(({ expected }) => expected === undefined).length;
}

/** The last line of a comparison: whether the differences, which are above it, are those that two builds may have. */
export function describeVerdict(changes: readonly FileChange[]): string {
  const wrong = wrongOf(changes);
  if (wrong > 0)
    return `The warm and the cold build differ in ${formatCount(wrong, "file")} that should be the same.`;
  const others =
    changes.length === 0
      ? ""
      : `, but for ${formatCount(changes.length, "difference")} that two builds may have`;
  return `The warm and the cold build have the same files${others}.`;
}

function notRestored(): AppError {
  return new AppError({
    code: "build-failed",
    message: "the build did not continue from the saved state, so there is nothing to compare",
    advice: "See the notes of the build.",
  });
}
