import { resolve } from "node:path";
import { Argument, Command, Option } from "commander";
import { alwaysBuilds, judgeRebuild, upToDateOf } from "../../../core/builder/freshness/judge-rebuild.ts";
import { statesAfterFailure } from "../../../core/builder/warm/save-states.ts";
import { savesByItself } from "../../../core/builder/warm/saves-by-itself.ts";
import { readImageSet } from "../../../core/image-set/image-set.ts";
import { withSteps } from "../../../core/image-set/steps-file.ts";
import { findPaths } from "../../../core/storage/paths.ts";
import { makePlan, type RebuildPlan } from "../../../shared/contracts/plan.ts";
import { AppError } from "../../../shared/errors/errors.ts";
import type { BuildStep } from "../../../shared/session/build.ts";
import type { PortForward } from "../../../shared/session/port-forward.ts";
import { quoteForShell } from "../../../shared/text/quote-for-shell.ts";
import { runToExit } from "../../support/context.ts";
import { exitStatus } from "../../support/exit-status.ts";
import { addVariable, type Environment, options } from "../../support/options.ts";
import { printNote } from "../../support/print.ts";
import { type RulesOptions, rulesOf } from "../../support/read-rules.ts";
import { startWarming } from "../../support/start-warming.ts";
import { usualSet } from "../../support/usual-set.ts";
import { printTimings } from "../sessions/print-timings.ts";
import { printExplanation, printUpToDate } from "./explain-rebuild.ts";

interface Options extends RulesOptions {
  readonly recipe?: string;
  readonly boot?: string;
  readonly sha256?: string;
  readonly bootEntry?: string;
  readonly machine?: string;
  readonly size?: number;
  readonly byHand?: boolean;
  readonly vnc?: number;
  readonly forward?: PortForward[];
  readonly memory?: number;
  readonly timeout?: number;
  readonly keepFailed?: boolean;
  readonly steps?: string;
  readonly variable?: Environment;
  readonly retry?: string;
  readonly keep?: boolean;
  readonly force?: boolean;
  readonly explain?: boolean;
  readonly timings?: boolean;
  readonly warm?: boolean;
  readonly cold?: boolean;
  readonly verifyWarm?: boolean;
  readonly dryRun?: string;
  readonly json?: boolean;
}

interface FailedBuild {
  readonly session: string;
  /** The steps that a retry need not do again. */
  readonly reusable: readonly BuildStep[];
}

/** `tinsmith rebuild`. */
export function rebuildCommand(): Command {
  return new Command("rebuild")
    .description("Build the setup or worker image of an image set by its recipe.")
    .addArgument(new Argument("[image]", "the image to build").choices(["setup", "worker"]).default("worker"))
    .addOption(options.recipe())
    .option(
      "--boot <ISO>",
      "ISO to install the setup image from, in place of the recipe's: a file or an address",
    )
    .option("--sha256 <HEX>", "SHA-256 of an ISO that is given by its address")
    .addOption(options.bootEntry())
    .option("--machine <FILE>", "machine definition of the setup image, in place of the recipe's")
    .addOption(options.size("size of the setup image's disk, in place of the recipe's"))
    .addOption(
      new Option("--steps <FILE>", "a file with install steps, in place of the recipe's").conflicts("byHand"),
    )
    .addOption(
      new Option(
        "--variable <NAME=VALUE>",
        "a value for a variable of the install steps, in place of the recipe's; may be repeated",
      ).argParser(addVariable),
    )
    .option("--by-hand", "install the setup image by hand, then choose what to do with tinsmith choose")
    .addOption(options.vnc())
    .addOption(options.forward())
    .addOption(options.memory())
    .addOption(options.timeout())
    .addOption(options.keepFailed())
    .option("--retry <SESSION>", "reuse the work of this failed session, if its inputs have not changed")
    .addOption(options.rules())
    .addOption(options.setRules())
    .addOption(options.waitForWindow())
    .addOption(options.letVmRun())
    .option("--keep", "replace the archive even if it was built under rules")
    .option("--force", "build the image even if it is up to date")
    .option("--explain", "build nothing: say whether the image is up to date, and list its inputs")
    .addOption(
      new Option(
        "--warm",
        "continue from the setup image's saved state, if there is one; the default without CI=",
      ).conflicts("cold"),
    )
    .option("--cold", "boot the setup image; the default where the variable CI is set")
    .addOption(options.timings())
    .addOption(
      new Option(
        "--verify-warm",
        "build the worker image from the saved state, then by a boot, and list the files that differ",
      ).conflicts(["cold", "explain", "byHand", "retry"]),
    )
    .addOption(
      new Option(
        "--dry-run <RECORDING>",
        "boot nothing: perform the install steps on a recording, and say which waits match when",
      ).conflicts(["byHand", "explain", "retry", "verifyWarm"]),
    )
    .addOption(options.json())
    .action(rebuild)
    .addHelpText(
      "after",
      `
An image that is up to date is not built again: nothing that it was built from has changed. It is built with --force,
--by-hand, --retry, or rules.

The worker image is made from the setup image, which is built first when it is missing. An image that is built under
rules stays in the session's folder, and the archive stays as it was, unless --keep is given.

Examples:
  $ tinsmith rebuild worker
  $ tinsmith rebuild worker --explain
  $ tinsmith rebuild setup --recipe images/tinycore --by-hand --boot TinyCore.iso --vnc 5900
  $ tinsmith rebuild setup --recipe images/tinycore --dry-run install.cast`,
    );
}

function rebuild(image: "setup" | "worker", given: Options): Promise<void> {
  return runToExit(async (signal) => {
    const { bootEntry, size, byHand, memory, timeout, vnc: vncPort, keepFailed, retry, forward } = given;
    const paths = findPaths();
    const folder = resolve(given.recipe ?? usualSet(paths));
    if (given.dryRun !== undefined) {
      if (image !== "setup") throw onlyOfSetup();
      return await (await import("./dry-run.ts")).dryRunSteps(folder, given.dryRun, given);
    }
    const plan = makePlan({
      kind: "rebuild",
      folder,
      image,
      iso: chosenIso(given),
      machine: given.machine && resolve(given.machine),
      rules: rulesOf(given, folder),
      replacesUnderRules: given.keep,
      force: given.force,
      steps: given.steps && resolve(given.steps),
      variables: given.variable,
      cold: given.cold ?? !(given.warm ?? savesByItself()),
      ...{ bootEntry, size, byHand, memory, timeout, vncPort, keepFailed, retry, forward },
    });
    if (given.explain) {
      await requireFiles(plan);
      printExplanation(await judgeRebuild(plan, paths, signal), given);
      return exitStatus.success;
    }
    if (given.verifyWarm && image === "setup") throw onlyOfWorker();
    const judgement =
      alwaysBuilds(plan) || given.verifyWarm ? undefined : await judgeRebuild(plan, paths, signal);
    if (judgement && upToDateOf(judgement)) {
      printUpToDate(judgement, given);
      return exitStatus.success;
    }
    const [{ performPlan }, { createProgress }, { typedInput }] = await Promise.all([
      import("../../../core/plan/perform-plan.ts"),
      import("../../support/build-progress.ts"),
      import("../../support/typed-input.ts"),
    ]);
    const secrets = await (await import("./ask-for-secrets.ts")).askForSecrets(plan, signal);
    const sessions: string[] = [];
    try {
      using progress = createProgress(given);
      const onBuildEvent: typeof progress.onBuildEvent = (event) => {
        if (event.type === "build-started") sessions.push(event.session);
        progress.onBuildEvent(event);
        if (event.type === "build-failed" && event.reusable?.length && !given.json && !signal.aborted)
          printNote(describeRetry(given, plan, { session: sessions.at(-1) ?? "", reusable: event.reusable }));
      };
      const context = { paths, signal, input: typedInput(progress), onBuildEvent };
      if (given.verifyWarm) return await (await import("./verify-warm.ts")).verifyWarm(plan, context);
      await performPlan({ ...plan, secrets }, context);
    } finally {
      if (given.timings) for (const session of sessions) await printTimings(paths, session, given);
      // Also after a failure: the next try continues from the guest that has booted.
      if (!plan.cold && !signal.aborted) startWarming(plan);
    }
    return exitStatus.success;
  });
}

/** Refuses to explain a setup image whose build would fail at once, for want of a file of its install steps. */
async function requireFiles({ folder, image, steps, byHand }: RebuildPlan): Promise<void> {
  if (image === "worker" || byHand) return;
  const { requireStepFiles } = await import("../../../core/autopilot/install-script.ts");
  requireStepFiles(folder, withSteps(readImageSet(folder), steps).recipe.install);
}

function describeRetry(given: Options, plan: RebuildPlan, { session, reusable }: FailedBuild): string {
  const { recipe, memory, warm } = given;
  // A state belongs to these choices.
  const chosen = [
    ...(recipe === undefined ? [] : ["--recipe", recipe]),
    ...(memory === undefined ? [] : ["--memory", `${memory}`]),
    ...(given.cold ? ["--cold"] : warm ? ["--warm"] : []),
  ];
  const argv = ["tinsmith", "rebuild", plan.image, ...chosen, "--retry", session];
  return `After you have changed something, try again with ${argv.map(quoteForShell).join(" ")}${howItContinues(plan, reusable)}.`;
}

/** Says from where a retry continues, if it does not boot: an installer that has booted was kept, or a state is being saved. */
function howItContinues(plan: RebuildPlan, reusable: readonly BuildStep[]): string {
  if (reusable.includes("boot") || reusable.includes("restore"))
    return ". It continues from the guest that has booted";
  if (!savesByItself() || statesAfterFailure(plan).length === 0) return "";
  return ". It continues from the saved state of the setup image, which Tinsmith saves in the background if it is not saved yet";
}

function onlyOfSetup(): AppError {
  return new AppError({
    code: "usage",
    message: "--dry-run is for the setup image: a worker image has no install steps",
    advice: "Give it with tinsmith rebuild setup.",
  });
}

function onlyOfWorker(): AppError {
  return new AppError({
    code: "usage",
    message:
      "--verify-warm is for the worker image: a setup image is installed, and has no saved state before that",
    advice: "Give it with tinsmith rebuild worker.",
  });
}

function chosenIso({ boot, sha256 }: Options): RebuildPlan["iso"] {
  const isAddress = boot !== undefined && /^https?:/.test(boot);
  if (isAddress !== (sha256 !== undefined))
    throw new AppError({
      code: "usage",
      message: isAddress ? "an ISO at an address needs --sha256" : "--sha256 needs --boot with an address",
      advice: "Give both, or the path of a file.",
    });
  if (boot === undefined) return undefined;
  return sha256 === undefined ? { path: resolve(boot) } : { url: boot, sha256: sha256.toLowerCase() };
}
