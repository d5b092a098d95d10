import { join } from "node:path";
import { toAppError } from "../../shared/errors/errors.ts";
import type { BuildInput } from "../../shared/library/library.ts";
import { isEndOfGuest } from "../../shared/scenario/end-of-guest.ts";
import type { Verdict, VerdictKind } from "../../shared/watch/watch.ts";
import type { BuiltTools } from "../builder/prepare-data-cd.ts";
import { prepareGuestTools } from "../builder/prepare-guest-tools.ts";
import { makePrograms } from "../builder/replace-guest-tools.ts";
import { createTemporaryFolder } from "../files/writing/temporary-folder.ts";
import { type ImageSet, readImageSet } from "../image-set/image-set.ts";
import { besideOtherSessions } from "../process/own-processes.ts";
import { runCommand } from "../process/run-command.ts";
import { StateFailure } from "../states/state-failure.ts";
import { checkImage } from "./check-image.ts";
import { rebuildRound } from "./rebuild-round.ts";
import { type RoundContext, startWork } from "./round-work.ts";
import type { Round } from "./rounds.ts";
import { judgeSetup } from "./setup-changes.ts";
import { verdictOfError, verdictOfTools } from "./verdicts.ts";
import { type WarmState, workerInputs } from "./warm-base.ts";

/**
 * Performs a round: its fast verdict, if there is a saved state for it, and meanwhile the rebuild, then the true verdict. An
 * error is a verdict, too.
 *
 * @throws the signal's reason when it aborts
 */
export async function performRound(round: Round, signal: AbortSignal, context: RoundContext): Promise<void> {
  const { report, plan, paths } = context;
  const { number, reason, changed, saved } = round;
  report({ type: "round-started", round: number, reason, changed, saved });
  const tell = (kind: VerdictKind, verdict: Verdict) =>
    report({ type: "verdict", round: number, kind, after: Date.now() - saved, ...verdict });
  try {
    const set = readImageSet(plan.folder);
    const setup = await judgeSetup(set, changed, paths, signal);
    if (setup.obstacle !== undefined) report({ type: "note", text: `${setup.obstacle}.` });
    const isSetupStale = setup.changed.length > 0 && setup.obstacle === undefined;
    using work = createTemporaryFolder("watch", "the guest tools of a watch");
    const warm = isSetupStale
      ? { reason: `${setup.changed.join(", ")} changed, so the setup image is rebuilt first` }
      : await prepareFast(set, work.path, signal, context);
    if ("reason" in warm) report({ type: "no-fast-verdict", round: number, reason: warm.reason });
    const fast = "reason" in warm ? undefined : warm;
    const judging = fast && judgeFast(set, fast, round, signal, context, (verdict) => tell("fast", verdict));
    const broken = await fast?.tools.then(
      () => undefined,
      (error) => verdictOfTools(error),
    );
    if (broken) {
      tell("true", broken);
      return await judging;
    }
    const builtTools = await fast?.tools;
    // Both at once, since most hosts have two processors. Neither may be left behind.
    const real = judgeRebuilt(set, round, signal, context, { isSetupStale, builtTools, judging });
    await Promise.allSettled([judging, real]);
    signal.throwIfAborted();
    tell("true", await real);
  } catch (thrown) {
    signal.throwIfAborted();
    tell("true", verdictOfError(thrown));
  }
}

/** A saved state, and the guest tools that are being built for it. */
interface Fast extends WarmState {
  readonly tools: Promise<BuiltTools>;
  readonly programs: Promise<readonly string[]>;
}

/** Begins to build guest tools, if there is a saved state in which they can be replaced. */
async function prepareFast(
  set: ImageSet,
  folder: string,
  signal: AbortSignal,
  { base, paths }: RoundContext,
): Promise<Fast | { readonly reason: string }> {
  const inputs = await workerInputs(set, paths, signal);
  const found = await base.find(set, inputs, signal);
  if ("reason" in found) return found;
  const tools = buildTools(set, inputs, folder, signal);
  const programs = tools.then(({ files }) => makePrograms(files, join(folder, "programs")));
  programs.catch(() => {});
  return { ...found, tools, programs };
}

async function buildTools(
  { recipe, folder: recipeFolder }: ImageSet,
  inputs: readonly BuildInput[],
  folder: string,
  signal: AbortSignal,
): Promise<BuiltTools> {
  const files = await prepareGuestTools(recipe.guestTools, {
    ...{ recipeFolder, folder },
    run: (command, options) => runCommand(command, { ...options, signal }),
  });
  return { files, inputs };
}

/** Runs the check from the saved state. Settles when that has ended, and rejects only when the signal aborts. */
async function judgeFast(
  set: ImageSet,
  { image, state, programs, tools }: Fast,
  round: Round,
  signal: AbortSignal,
  { base, report, paths, plan, session }: RoundContext,
  onVerdict: (verdict: Verdict) => void,
): Promise<void> {
  const work = startWork(round, signal, { report, session });
  const onSession = (session: string, title: string) => work.begin("fast", session, title);
  const context = { paths, ...work, onSession, newTools: { image, state, programs } };
  try {
    onVerdict(await besideOtherSessions(() => checkImage(set.workerImage, plan, context)));
  } catch (thrown) {
    signal.throwIfAborted();
    const areBuilt = await tools.then(
      () => true,
      () => false,
    );
    // Then that is the verdict of the round.
    if (!areBuilt) return;
    const error = toAppError(thrown);
    if (thrown instanceof StateFailure) await base.drop(error.message);
    else if (isEndOfGuest(error)) return onVerdict(verdictOfError(error, work.session(), paths));
    report({ type: "no-fast-verdict", round: round.number, reason: error.message });
  }
}

interface RebuiltOptions {
  readonly isSetupStale: boolean;
  readonly builtTools: BuiltTools | undefined;
  /** The fast verdict, which comes first. */
  readonly judging: Promise<void> | undefined;
}

/** Rebuilds the worker image, boots it, and checks it. */
async function judgeRebuilt(
  set: ImageSet,
  round: Round,
  signal: AbortSignal,
  context: RoundContext,
  { judging, ...given }: RebuiltOptions,
): Promise<Verdict> {
  const { base, paths, plan } = context;
  const work = startWork(round, signal, context);
  const onSession = (session: string, title: string) => work.begin("true", session, title);
  let haveToolsStarted = false;
  const onToolsStarted = () => {
    haveToolsStarted = true;
  };
  try {
    await rebuildRound(set, round, context, { ...given, work });
    await judging;
    const check = { paths, ...work, onSession, onToolsStarted };
    return await besideOtherSessions(() => checkImage(set.workerImage, plan, check));
  } catch (thrown) {
    signal.throwIfAborted();
    return verdictOfError(thrown, work.session(), paths);
  } finally {
    // Guest tools that don't start would keep the saving waiting for them.
    if (haveToolsStarted && !signal.aborted) base.save(set);
  }
}
