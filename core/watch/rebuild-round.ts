import { setTimeout as delay } from "node:timers/promises";
import { makePlan } from "../../shared/contracts/plan.ts";
import type { ImageKind } from "../../shared/library/library.ts";
import type { BuildEvent } from "../../shared/session/build.ts";
import { findUpToDate } from "../builder/freshness/judge-rebuild.ts";
import { BeingBuilt, isBeingBuilt } from "../builder/output-archive.ts";
import type { BuiltTools } from "../builder/prepare-data-cd.ts";
import { rebuildSetup, rebuildWorker } from "../builder/rebuild-images.ts";
import type { ImageSet } from "../image-set/image-set.ts";
import { besideOtherSessions } from "../process/own-processes.ts";
import type { RoundContext, startWork } from "./round-work.ts";
import type { Round } from "./rounds.ts";

/** Between two looks at a lock, in milliseconds. */
const lookInterval = 200;

interface RebuildOptions {
  /** The inputs of the setup image have changed: it is rebuilt first. */
  readonly isSetupStale: boolean;
  /** See `rebuildWorker`. */
  readonly builtTools?: BuiltTools | undefined;
  readonly work: ReturnType<typeof startWork>;
}

/**
 * Rebuilds the images of a round that are not up to date. While another process builds one of them, it waits, and then looks
 * again whether there is something left to do.
 *
 * @throws AppError as `rebuildSetup` and `rebuildWorker` do; the reason of the work's signal
 */
export async function rebuildRound(
  set: ImageSet,
  { number: round }: Round,
  context: RoundContext,
  { isSetupStale, builtTools, work }: RebuildOptions,
): Promise<void> {
  const { paths, plan, report } = context;
  const { signal, part, begin } = work;
  const planOf = (image: ImageKind) =>
    makePlan({
      ...{ kind: "rebuild", image, folder: plan.folder },
      ...(plan.trusted && { trusted: [...plan.trusted] }),
    } as const);
  const onEvent = (event: BuildEvent) => {
    if (event.type !== "build-started") return;
    begin(event.output === set.setupImage ? "setup" : "rebuild", event.session, event.title);
  };
  const build = { paths, signal, part, onEvent };
  const isNeeded = async (image: ImageKind) => !(await findUpToDate(planOf(image), paths, signal));
  const rebuild = async () => {
    if (isSetupStale && (await isNeeded("setup"))) await rebuildSetup(set, planOf("setup"), build);
    if (await isNeeded("worker")) await rebuildWorker(set, planOf("worker"), { ...build, builtTools });
  };
  for (;;) {
    try {
      return await besideOtherSessions(rebuild);
    } catch (thrown) {
      if (!(thrown instanceof BeingBuilt)) throw thrown;
      report({ type: "round-waits", round, reason: thrown.message });
    }
    do await delay(lookInterval, undefined, { signal });
    while ([set.setupImage, set.workerImage].some((output) => isBeingBuilt(output, paths)));
  }
}
