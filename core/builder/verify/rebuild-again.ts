import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import type { FileChange } from "../../../shared/contents/compare-lists.ts";
import { makePlan } from "../../../shared/contracts/plan.ts";
import { AppError } from "../../../shared/errors/errors.ts";
import type { Finding } from "../../../shared/library/verification.ts";
import type { BuildEvent } from "../../../shared/session/build.ts";
import { formatCount } from "../../../shared/text/format.ts";
import { compareArchives } from "../../contents/compare-images.ts";
import { digestFile } from "../../files/digest.ts";
import { createTemporaryFolder } from "../../files/writing/temporary-folder.ts";
import { forgetBuild } from "../freshness/build-records.ts";
import { forgetFileLists } from "../growth/file-lists.ts";
import { rebuildSetup, rebuildWorker } from "../rebuild-images.ts";
import type { VerifyContext } from "./verify-context.ts";
import type { ManifestSet } from "./verify-inputs.ts";

interface RebuildContext extends VerifyContext {
  readonly onBuildEvent: (event: BuildEvent) => void;
}

/**
 * Builds an image again by its recipe, by a boot, to a temporary place, and compares its files and bytes with those of the archive,
 * which stays as it is.
 *
 * @throws AppError as `rebuildSetup` and `rebuildWorker`; `usage` if a person has to do something for it
 */
export async function rebuildAndCompare(
  archive: string,
  { image, set }: ManifestSet,
  { onBuildEvent, ...context }: RebuildContext,
): Promise<readonly Finding[]> {
  const { paths, signal } = context;
  if (image === "worker" && !existsSync(set.setupImage)) throw noSetupImage(set.setupImage);
  if (image === "setup" && set.recipe.install.length === 0) throw noSteps(set.recipeFile);
  using folder = createTemporaryFolder("verify", "the comparison of two builds");
  const again = join(folder.path, basename(archive));
  using cleanup = new DisposableStack();
  // The state folder remembers images that stay.
  cleanup.defer(() => forgetBuild(paths, again));
  cleanup.defer(() => forgetFileLists(paths, again));
  const elsewhere = { ...set, [image === "setup" ? "setupImage" : "workerImage"]: again };
  const plan = makePlan({ kind: "rebuild", image, folder: set.folder, force: true, cold: true });
  const build = image === "setup" ? rebuildSetup : rebuildWorker;
  const { digest } = await build(elsewhere, plan, { paths, signal, onEvent: onBuildEvent });
  const { comparison } = await compareArchives(archive, again, context);
  return [
    describeFiles(comparison.changes),
    describeBytes(digest === (await digestFile(archive, { signal }))),
  ];
}

/** The finding about the files of two builds from the same. */
export function describeFiles(changes: readonly FileChange[]): Finding {
  const subject = "rebuild";
  const wrong = changes.filter(({ expected }) => expected === undefined);
  if (wrong.length > 0)
    return {
      ...{ subject, ok: false, changes },
      text: `A rebuild differs in ${formatCount(wrong.length, "file")} that should be the same.`,
      advice:
        "Find out why: an input that the recipe does not name, a step that depends on time or chance, or a changed archive.",
    };
  if (changes.length === 0) return { subject, ok: true, text: "A rebuild has the same files." };
  const text = `A rebuild has the same files, but for ${formatCount(changes.length, "difference")} that two builds may have.`;
  return { subject, ok: true, text, changes };
}

function describeBytes(isSame: boolean): Finding {
  const text = isSame
    ? "The bytes of its archive are the same."
    : "The bytes of its archive differ, as those of file systems do that were written at another time.";
  return { subject: "bytes", ok: true, text };
}

function noSetupImage(path: string): AppError {
  return new AppError({
    code: "missing-file",
    message: `the setup image ${path} does not exist, from which the worker image is built`,
    advice: "Build it first, with tinsmith rebuild setup.",
  });
}

function noSteps(recipe: string): AppError {
  return new AppError({
    code: "usage",
    message: `${recipe} has no install steps, so the setup image can't be built again without a person`,
    advice: "Leave out --rebuild.",
  });
}
