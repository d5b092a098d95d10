import { join } from "node:path";
import { makePlan, type WatchPlan } from "../../shared/contracts/plan.ts";
import { isCancellation } from "../../shared/errors/error-data.ts";
import { AppError, toAppError } from "../../shared/errors/errors.ts";
import { isEndOfGuest } from "../../shared/scenario/end-of-guest.ts";
import type { RoundPhase, Verdict, VerdictKind, WatchEvent } from "../../shared/watch/watch.ts";
import { requestStop, type StopRequest } from "../async/process-end.ts";
import { findUpToDate } from "../builder/freshness/judge-rebuild.ts";
import { prepareGuestTools } from "../builder/prepare-guest-tools.ts";
import { rebuildWorker } from "../builder/rebuild-images.ts";
import { makePrograms } from "../builder/replace-guest-tools.ts";
import { createTemporaryFolder } from "../files/writing/temporary-folder.ts";
import { type ImageSet, readImageSet } from "../image-set/image-set.ts";
import { besideOtherSessions } from "../process/own-processes.ts";
import { runCommand } from "../process/run-command.ts";
import type { BootCheckpoint } from "../runner/boot-checkpoint.ts";
import type { Report } from "../session-record/report.ts";
import { type Paths, sessionPaths } from "../storage/paths.ts";
import { checkImage } from "./check-image.ts";
import type { Round } from "./rounds.ts";
import { inputsBesideTools, type WarmBase } from "./warm-base.ts";

export interface RoundContext {
  readonly plan: WatchPlan;
  readonly paths: Paths;
  readonly base: WarmBase;
  readonly report: Report<WatchEvent>;
}

/** Marks the lines before the compiler's in the details of a command's error. */
const commandLine = /^command: /;

/**
 * Performs a round: its fast verdict, if there is a saved state for it, and meanwhile the rebuild, then the true verdict. An
 * error is a verdict, too.
 *
 * @throws the signal's reason when it aborts
 */
export async function performRound(round: Round, signal: AbortSignal, context: RoundContext): Promise<void> {
  const { report } = context;
  const { number, reason, changed, saved } = round;
  report({ type: "round-started", round: number, reason, changed, saved });
  const tell = (kind: VerdictKind, verdict: Verdict) =>
    report({ type: "verdict", round: number, kind, after: Date.now() - saved, ...verdict });
  try {
    const set = readImageSet(context.plan.folder);
    using work = createTemporaryFolder("watch", "the guest tools of a watch");
    const warm = await prepareFast(set, number, work.path, signal, context);
    if (warm instanceof AppError) return tell("true", verdictOfTools(warm));
    const fast = warm
      ? judgeFast(set, warm, round, signal, context, (verdict) => tell("fast", verdict))
      : undefined;
    // Both at once, since most hosts have two processors. Neither may be left behind.
    const [, real] = await Promise.allSettled([fast, judgeRebuilt(set, round, signal, context, fast)]);
    signal.throwIfAborted();
    if (real.status === "rejected") throw real.reason;
    tell("true", real.value);
  } catch (thrown) {
    signal.throwIfAborted();
    tell("true", verdictOfError(thrown));
  }
}

/** A saved state, and the programs that replace its guest tools. */
interface Warm {
  readonly checkpoint: BootCheckpoint;
  readonly newTools: readonly string[];
}

/** @returns undefined if there is no saved state for this set; the error of guest tools that can't be built */
async function prepareFast(
  set: ImageSet,
  round: number,
  folder: string,
  signal: AbortSignal,
  { base, report }: RoundContext,
): Promise<Warm | AppError | undefined> {
  const checkpoint = base.find(await inputsBesideTools(set));
  if ("reason" in checkpoint) {
    report({ type: "no-fast-verdict", round, reason: checkpoint.reason });
    return undefined;
  }
  try {
    return { checkpoint, newTools: await buildTools(set, folder, signal) };
  } catch (thrown) {
    signal.throwIfAborted();
    return toAppError(thrown);
  }
}

/** Runs the check from the saved state. Settles when that has ended, and rejects only when the signal aborts. */
async function judgeFast(
  set: ImageSet,
  warm: Warm,
  round: Round,
  signal: AbortSignal,
  { base, report, paths, plan }: RoundContext,
  onVerdict: (verdict: Verdict) => void,
): Promise<void> {
  const own = startWork(round, "fast", signal, { report });
  try {
    onVerdict(await besideOtherSessions(() => checkImage(set.workerImage, plan, { paths, ...own, ...warm })));
  } catch (thrown) {
    signal.throwIfAborted();
    const error = toAppError(thrown);
    if (isEndOfGuest(error)) return onVerdict(verdictOfError(error, own.session(), paths));
    // A state from which a run can't start is of no use for the next one.
    if (!isCancellation(error)) base.drop();
    report({ type: "no-fast-verdict", round: round.number, reason: error.message });
  }
}

async function buildTools(set: ImageSet, folder: string, signal: AbortSignal): Promise<readonly string[]> {
  const files = await prepareGuestTools(set.recipe.guestTools, {
    ...{ recipeFolder: set.folder, folder },
    run: (command, options) => runCommand(command, { ...options, signal }),
  });
  return makePrograms(files, join(folder, "programs"));
}

/** Rebuilds the worker image, and checks it; a state of it is saved on the way if there is none for its inputs. */
async function judgeRebuilt(
  set: ImageSet,
  round: Round,
  signal: AbortSignal,
  context: RoundContext,
  fast: Promise<void> | undefined,
): Promise<Verdict> {
  const { base, paths, plan } = context;
  const rebuild = startWork(round, "rebuild", signal, context);
  const { folder, trusted } = plan;
  const rebuildPlan = makePlan({
    ...{ kind: "rebuild", image: "worker", folder },
    ...(trusted && { trusted: [...trusted] }),
  } as const);
  try {
    if (!(await findUpToDate(rebuildPlan, paths, signal)))
      await besideOtherSessions(() =>
        rebuildWorker(set, rebuildPlan, {
          ...{ paths, ...rebuild },
          onEvent: (event) => {
            if (event.type === "build-started") rebuild.onSession(event.session, event.title);
          },
        }),
      );
  } catch (thrown) {
    signal.throwIfAborted();
    return verdictOfError(thrown, rebuild.session(), paths);
  }
  // Its state may turn out to be of no use, and its verdict comes first.
  await fast;
  const inputs = await inputsBesideTools(set);
  const isSaved = !("reason" in base.find(inputs));
  const run = startWork(round, "true", signal, context);
  try {
    const checkpoint = isSaved ? undefined : base.begin(inputs);
    return await besideOtherSessions(() => checkImage(set.workerImage, plan, { paths, ...run, checkpoint }));
  } catch (thrown) {
    signal.throwIfAborted();
    return verdictOfError(thrown, run.session(), paths);
  }
}

/** A part of a round, whose sessions a person may stop: that ends the part, and not the watch. */
function startWork(
  { number: round }: Round,
  phase: RoundPhase,
  signal: AbortSignal,
  { report }: Pick<RoundContext, "report">,
) {
  const controller = new AbortController();
  let last: string | undefined;
  const stop = (request: StopRequest) => {
    // Nothing of this process is waited for then.
    if (request.isForced) requestStop(request);
    else controller.abort(new AppError({ code: "interrupted", message: "stopped by a person" }));
  };
  return {
    signal: AbortSignal.any([signal, controller.signal]),
    stop,
    onSession: (session: string, title: string) => {
      last = session;
      report({ type: "round-session", round, phase, session, title });
    },
    /** The newest session of this part. */
    session: () => last,
  };
}

function verdictOfTools(error: AppError): Verdict {
  return {
    ...verdictOfError(error),
    text: `the guest tools can't be built: ${error.message}`,
    lines: error.details.filter((line) => !commandLine.test(line)),
  };
}

function verdictOfError(thrown: unknown, session?: string, paths?: Paths): Verdict {
  const { message, details, advice } = toAppError(thrown);
  return {
    outcome: "failed",
    text: message,
    lines: details.length === 0 && advice ? [advice] : details,
    session,
    ...(session !== undefined && paths && { log: sessionPaths(paths, session).folder }),
  };
}
