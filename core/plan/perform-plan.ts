import { basename } from "node:path";
import type { DirectBuildPlan, Plan, RebuildPlan } from "../../shared/contracts/plan.ts";
import { assertNever } from "../../shared/errors/errors.ts";
import type { TaskOutcome } from "../../shared/guest/task-outcome.ts";
import type { WatchEvent } from "../../shared/watch/watch.ts";
import { buildImage } from "../builder/build-image.ts";
import type { BuildContext, Preparation } from "../builder/build-plan.ts";
import { directInputs } from "../builder/inputs/direct-inputs.ts";
import { rebuildSetup, rebuildWorker } from "../builder/rebuild-images.ts";
import { requireRegularFile } from "../files/regular-file.ts";
import { readPlannedSet } from "../image-set/planned-set.ts";
import { findBootKernel } from "../iso/boot/find-boot-kernel.ts";
import { requireBootIso, requireIso } from "../iso/install-iso.ts";
import type { CdRoms } from "../qemu/arguments/qemu-arguments.ts";
import { type RunContext, runTask } from "../runner/run-task.ts";
import { serveTask } from "../runner/serve-task.ts";
import { runScenarios } from "../scenario/run-scenarios.ts";
import type { RoundControl } from "../session/live/live-rounds.ts";
import { keptDigests } from "../storage/digest-store.ts";
import type { Paths } from "../storage/paths.ts";
import { watchSet } from "../watch/watch-set.ts";

/** The place where a plan is performed, and its observers in the same process. */
export interface PlanContext {
  readonly paths: Paths;
  readonly signal: AbortSignal;
  /** For builds. */
  readonly input?: BuildContext["input"];
  readonly onBuildEvent?: BuildContext["onEvent"];
  /** For runs and MetaServices. */
  readonly onRunEvent?: RunContext["onEvent"];
  readonly onFinding?: RunContext["onFinding"];
  readonly onLog?: RunContext["onLog"];
  /** For watches. */
  readonly onWatchEvent?: ((event: WatchEvent) => void) | undefined;
  /** Called with the rounds of a watch when they begin. */
  readonly onRounds?: ((rounds: RoundControl) => void) | undefined;
}

/**
 * Performs a plan in a session of its own. The CLI and the window both end here, so that they can't differ.
 *
 * @returns the task's outcome; of a build and of a watch, success.
 * @throws AppError as `rebuildWorker`, `buildImage`, `runTask` and `serveTask` do; the signal's reason when it aborts.
 */
export async function performPlan(plan: Plan, context: PlanContext): Promise<TaskOutcome> {
  const { paths, signal, input, onBuildEvent = () => {}, onRunEvent = () => {}, onLog = () => {} } = context;
  const { onFinding, onRounds, onWatchEvent = () => {} } = context;
  switch (plan.kind) {
    case "rebuild":
      await rebuild(plan, { paths, signal, input, onEvent: onBuildEvent });
      return { result: "success" };
    case "build":
      await build(plan, { paths, signal, input, onEvent: onBuildEvent });
      return { result: "success" };
    case "run":
      return await runTask(plan, { paths, signal, onEvent: onRunEvent, onFinding, onLog });
    case "scenario":
      return await runScenarios(
        plan.files,
        { archive: plan.archive, trusted: plan.trusted },
        { paths, signal, onEvent: onRunEvent },
      );
    case "meta":
      return await serveTask(plan, { paths, signal, onEvent: onRunEvent, onFinding, onLog });
    case "watch":
      await watchSet(plan, { paths, signal, onEvent: onWatchEvent, onRounds });
      return { result: "success" };
    default:
      return assertNever(plan);
  }
}

async function rebuild(plan: RebuildPlan, context: BuildContext): Promise<void> {
  const set = readPlannedSet(plan);
  await (plan.image === "setup" ? rebuildSetup(set, plan, context) : rebuildWorker(set, plan, context));
}

async function build(plan: DirectBuildPlan, context: BuildContext): Promise<void> {
  const { source, output } = plan;
  const name = basename(output);
  // They are read while the guest boots.
  const inputs = directInputs(plan, keptDigests(context.paths, context.signal));
  await buildImage(
    {
      ...plan,
      title: source.kind === "new" ? `New image ${name}` : `Image ${name}`,
      source:
        source.kind === "new"
          ? { kind: "new", machineFile: source.machine, sizeGib: source.size }
          : { kind: "image", archive: source.archive, sizeGib: source.size },
      prepare: (preparation) => cdRoms(plan, preparation),
      kernel: kernelBoot(plan),
      facts: async () => ({ kind: "build", inputs: [...(await inputs)] }),
    },
    context,
  );
}

async function cdRoms(
  { bootIso, bootEntry, dataIso }: DirectBuildPlan,
  { folder, report }: Preparation,
): Promise<CdRoms> {
  const onNote = (text: string) => report({ type: "note", text });
  return {
    ...(bootIso !== undefined && {
      bootIso: await requireBootIso(bootIso),
      ...(await findBootKernel(bootIso, bootEntry, { working: folder, onNote })),
    }),
    ...(dataIso !== undefined && { dataDrive: { iso: requireIso(dataIso) } }),
  };
}

function kernelBoot({ kernel: boot }: DirectBuildPlan): DirectBuildPlan["kernel"] {
  if (!boot) return undefined;
  for (const path of [boot.kernel, boot.initrd]) if (path !== undefined) requireRegularFile(path);
  return boot;
}
