import { join } from "node:path";
import { makePlan, type WatchPlan } from "../../shared/contracts/plan.ts";
import { isCancellation } from "../../shared/errors/error-data.ts";
import { AppError, toAppError } from "../../shared/errors/errors.ts";
import { isEndOfGuest } from "../../shared/scenario/end-of-guest.ts";
import type { RoundPhase, Verdict, VerdictKind, WatchEvent } from "../../shared/watch/watch.ts";
import { requestStop, type StopRequest } from "../async/process-end.ts";
import { prepareGuestTools } from "../builder/prepare-guest-tools.ts";
import { rebuildWorker } from "../builder/rebuild-images.ts";
import { makePrograms } from "../builder/replace-guest-tools.ts";
import { createTemporaryFolder } from "../files/writing/temporary-folder.ts";
import { type ImageSet, readImageSet } from "../image-set/image-set.ts";
import { runCommand } from "../process/run-command.ts";
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
 * Performs a round: its fast verdict, if there is a saved state for it, then the rebuild and the true verdict. An error
 * is a verdict, too.
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
    const tools = await tryFast(set, round, signal, context, (verdict) => tell("fast", verdict));
    if (tools) return tell("true", tools);
    tell("true", await judgeRebuilt(set, round, signal, context));
  } catch (thrown) {
    signal.throwIfAborted();
    tell("true", verdictOfError(thrown));
  }
}

/** @returns a verdict that needs no other: guest tools that can't be built */
async function tryFast(
  set: ImageSet,
  round: Round,
  signal: AbortSignal,
  context: RoundContext,
  onVerdict: (verdict: Verdict) => void,
): Promise<Verdict | undefined> {
  const { base, report, paths, plan } = context;
  const noVerdict = (reason: string) => report({ type: "no-fast-verdict", round: round.number, reason });
  const checkpoint = base.find(await inputsBesideTools(set));
  if ("reason" in checkpoint) {
    noVerdict(checkpoint.reason);
    return undefined;
  }
  using work = createTemporaryFolder("watch", "the guest tools of a watch");
  const newTools = await buildTools(set, work.path, signal).catch((thrown: unknown) => toAppError(thrown));
  if (newTools instanceof AppError) {
    signal.throwIfAborted();
    return {
      ...verdictOfError(newTools),
      text: `the guest tools can't be built: ${newTools.message}`,
      lines: newTools.details.filter((line) => !commandLine.test(line)),
    };
  }
  const own = startWork(round, "fast", signal, context);
  try {
    onVerdict(await checkImage(set.workerImage, plan, { paths, ...own, checkpoint, newTools }));
  } catch (thrown) {
    signal.throwIfAborted();
    const error = toAppError(thrown);
    if (isEndOfGuest(error)) onVerdict(verdictOfError(error, own.session(), paths));
    else {
      // A state from which a run can't start is of no use for the next one.
      if (!isCancellation(error)) base.drop();
      noVerdict(error.message);
    }
  }
  return undefined;
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
): Promise<Verdict> {
  const { base, paths, plan } = context;
  const rebuild = startWork(round, "rebuild", signal, context);
  const { folder, trusted } = plan;
  const rebuildPlan = makePlan({
    ...{ kind: "rebuild", image: "worker", folder },
    ...(trusted && { trusted: [...trusted] }),
  } as const);
  try {
    await rebuildWorker(set, rebuildPlan, {
      ...{ paths, ...rebuild },
      onEvent: (event) => {
        if (event.type === "build-started") rebuild.onSession(event.session, event.title);
      },
    });
  } catch (thrown) {
    signal.throwIfAborted();
    return verdictOfError(thrown, rebuild.session(), paths);
  }
  const inputs = await inputsBesideTools(set);
  const isSaved = !("reason" in base.find(inputs));
  const run = startWork(round, "true", signal, context);
  try {
    return await checkImage(set.workerImage, plan, {
      ...{ paths, ...run },
      ...(!isSaved && { checkpoint: base.begin(inputs) }),
    });
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
