import { existsSync } from "node:fs";
import { join } from "node:path";
import type { RebuildPlan } from "../../shared/contracts/plan.ts";
import { AppError } from "../../shared/errors/errors.ts";
import type { ImageKind } from "../../shared/library/library.ts";
import { recipeBootEntry } from "../../shared/recipe/install-choices.ts";
import type { IsoSource } from "../../shared/recipe/recipe.ts";
import type { Rule } from "../../shared/rules/rule.ts";
import {
  type BuildEvent,
  type BuildResult,
  type BuildState,
  initialBuildState,
  reduceBuild,
} from "../../shared/session/build.ts";
import { imageName } from "../../shared/session/run.ts";
import { installScript } from "../autopilot/install-script.ts";
import { makeRoom } from "../cache/cache-budget.ts";
import { requireRegularFile } from "../files/regular-file.ts";
import { changeInstallStep } from "../image-set/change-install-step.ts";
import { type ImageSet, readImageSet, requireTwoFiles } from "../image-set/image-set.ts";
import { readStepsFile, withSteps } from "../image-set/steps-file.ts";
import { findBootKernel } from "../iso/boot/find-boot-kernel.ts";
import { findInstallIso, requireBootIso } from "../iso/install-iso.ts";
import { holdIso } from "../iso/iso-cache.ts";
import { requireSession } from "../session-record/require-session.ts";
import { keptDigests } from "../storage/digest-store.ts";
import type { Paths } from "../storage/paths.ts";
import { buildImage } from "./build-image.ts";
import type { BuildContext, BuildPlan } from "./build-plan.ts";
import { performStep } from "./build-step.ts";
import { type KnownArchive, rememberBuild } from "./freshness/build-records.ts";
import { requireChosenSetup } from "./freshness/chosen-setup.ts";
import { alwaysBuilds, dependsOnGuestTools, judgeRebuild } from "./freshness/judge-rebuild.ts";
import { buildInputs, guestToolsAreUnknown, rulesInput } from "./inputs/build-inputs.ts";
import { retriedChoices, type SetupChoices, setupChoices } from "./inputs/setup-choices.ts";
import { WatchedInputs } from "./inputs/watched-inputs.ts";
import { findOutput } from "./output-archive.ts";
import { type BuiltTools, prepareDataCd } from "./prepare-data-cd.ts";
import { keptChoices } from "./retry/retry-work.ts";
import { setupScriptOf } from "./warm/restored-cd.ts";

/** Far more than an unattended build takes under emulation (14 s measured), far less than a person waits. */
const unattendedSeconds = 20 * 60;

/**
 * Builds the setup image: the recipe's ISO is installed on a new disk, by its install steps or by a person.
 *
 * @throws AppError `no-session` for a retry of a session that does not exist.
 */
export async function rebuildSetup(
  set: ImageSet,
  options: RebuildPlan,
  context: BuildContext,
): Promise<BuildResult> {
  if (options.retry !== undefined) requireSession(context.paths, options.retry);
  const choices = choicesOf(set, options, context.paths);
  const source = choices.iso ?? set.recipe.iso;
  if (source) {
    const plan = setupPlan(withSteps(set, choices.steps), source, { ...options, ...choices }, context);
    return await buildAndRecord(set, "setup", { ...plan, choices }, context);
  }
  throw noIso(set, choices);
}

function noIso({ name, folder }: ImageSet, { steps }: SetupChoices): AppError {
  const named = "Name one with --boot ISO, or under iso in recipe.yaml.";
  const byHand = `Install it by hand, in the window or with tinsmith rebuild setup --by-hand --recipe ${folder} --boot ISO --vnc 5900 and a VNC viewer at localhost:5900.`;
  return new AppError({
    code: "missing-file",
    message: `the recipe of the image set ${name} names no ISO to install a setup image from`,
    advice: steps === undefined ? byHand : named,
  });
}

function choicesOf(set: ImageSet, options: RebuildPlan, paths: Paths): SetupChoices {
  const given = setupChoices(options);
  const kept = options.retry && keptChoices(paths, options.retry, findOutput(set.setupImage));
  const { iso, bootEntry, machine, size } = set.recipe;
  return kept
    ? retriedChoices(given, kept, { iso, bootEntry, machine: join(set.folder, machine), size })
    : given;
}

function setupPlan(
  { name, recipe, folder, stepsFile, setupImage }: ImageSet,
  source: IsoSource,
  options: Omit<RebuildPlan, keyof SetupChoices> & SetupChoices,
  { paths }: BuildContext,
): BuildPlan {
  const bootEntry = options.bootEntry === undefined ? recipeBootEntry(recipe, options) : options.bootEntry;
  const install = options.byHand ? undefined : installScript(folder, recipe, options);
  return {
    title: `Setup image ${titleOf(name, options)}`,
    output: setupImage,
    source: {
      kind: "new",
      machineFile: options.machine ?? join(folder, recipe.machine),
      sizeGib: options.size ?? recipe.size,
    },
    preparesFirst: true,
    prepare: async ({ folder: working, report, run, held, signal }) => {
      const onLine = (text: string) => report({ type: "output", text });
      const onNote = (text: string) => report({ type: "note", text });
      const usedSteps = options.steps ?? stepsFile;
      const { note } = (usedSteps !== undefined && !options.byHand && readStepsFile(usedSteps)) || {};
      if (note !== undefined) onNote(note);
      const bootIso = await performStep(report, "install-iso", async (onProgress) =>
        requireBootIso(
          await findInstallIso(source, {
            ...{ folder, cache: paths.cache, working },
            ...{ run, signal, onLine, onNote, onProgress },
          }),
        ),
      );
      if (!("path" in source)) held.use(holdIso(bootIso));
      const bootKernel = await findBootKernel(bootIso, bootEntry, { working, onNote });
      await makeRoom(paths, { onNote });
      return { bootIso, ...bootKernel };
    },
    // An ISO of a person's own stays in the drive. One in the cache doesn't change.
    guestInputs: "path" in source ? ["install-iso", "choice"] : [],
    install,
    byHand: options.byHand ?? false,
    internet: recipe.internet,
    memory: options.memory,
    timeout: options.timeout ?? (install ? unattendedSeconds : undefined),
    vncPort: options.vncPort,
    forward: options.forward,
    ...rulesChoices(options),
    keepFailed: options.keepFailed,
    retry: options.retry,
  };
}

/** The context of a worker image's build. */
interface WorkerContext extends BuildContext {
  /** Guest tools that were built already, in whose place none are built if their inputs are still the same. */
  readonly builtTools?: BuiltTools | undefined;
}

/**
 * Builds the worker image from the setup image, which is built first when it is not there.
 *
 * @throws AppError `usage` when it is there, and was built otherwise than a person has chosen now; `not-trusted` when it
 *   is there, was not made here, and is not among the images that a person has accepted; `no-session` as `rebuildSetup`.
 */
export async function rebuildWorker(
  set: ImageSet,
  options: RebuildPlan,
  context: WorkerContext,
): Promise<BuildResult> {
  if (options.retry !== undefined) requireSession(context.paths, options.retry);
  const trusted = options.trusted && [...options.trusted];
  if (options.setupImage !== undefined)
    requireRegularFile(options.setupImage, { advice: "Build this setup image first." });
  else if (existsSync(set.setupImage)) await requireChosenSetup(set, setupChoices(options), context.paths);
  else {
    const { digest } = await rebuildSetup(set, { ...options, output: undefined, rules: undefined }, context);
    // The list of images that were made here may have no room for it.
    trusted?.push(digest);
  }
  // Before there was a setup image, a link to it led nowhere.
  requireTwoFiles(set.setupImage, set.workerImage);
  const { recipe } = set;
  const same = guestToolsAreUnknown(set) ? await sameButForTools(options, context) : undefined;
  return await buildAndRecord(
    set,
    "worker",
    {
      title: `Worker image ${titleOf(set.name, options)}`,
      output: set.workerImage,
      source: { kind: "image", archive: set.setupImage, sizeGib: recipe.workerSize },
      preparesFirst: same !== undefined,
      prepare: async (preparation) => {
        const { builtTools } = context;
        return { dataDrive: { iso: await prepareDataCd(set, preparation, { same, builtTools }) } };
      },
      done: recipe.done,
      internet: recipe.internet,
      memory: options.memory,
      timeout: options.timeout ?? unattendedSeconds,
      vncPort: options.vncPort,
      forward: options.forward,
      ...rulesChoices(options),
      keepFailed: options.keepFailed,
      trusted,
      retry: options.retry,
      warmScript: options.cold ? undefined : setupScriptOf(set),
    },
    context,
  );
}

/** The archive that a build would make again if its guest tools are the same; undefined when more has changed. */
async function sameButForTools(
  plan: RebuildPlan,
  { paths, signal }: BuildContext,
): Promise<KnownArchive | undefined> {
  if (alwaysBuilds(plan)) return undefined;
  const judgement = await judgeRebuild(plan, paths, signal);
  return dependsOnGuestTools(judgement) ? judgement.known : undefined;
}

/** The name of an image in a title: that of its set, and of its archive if it is not the set's own. */
function titleOf(set: string, { output }: Pick<RebuildPlan, "output">): string {
  return output === undefined ? set : `${set}/${imageName(output)}`;
}

function rulesChoices({ rules, replacesUnderRules }: Pick<RebuildPlan, "rules" | "replacesUnderRules">) {
  return { ...(rules && { rules }), replacesUnderRules };
}

/** Builds, and records the inputs and the times, so that it can tell when the archive is out of date. */
async function buildAndRecord(
  set: ImageSet,
  image: ImageKind,
  plan: BuildPlan,
  context: BuildContext,
): Promise<BuildResult> {
  const { paths, signal } = context;
  const digests = keptDigests(paths, signal);
  let built = set;
  const inputs = await WatchedInputs.start(async () => {
    const now = await buildInputs(built, image, { choices: plan.choices ?? {}, digests });
    signal.throwIfAborted();
    return now;
  });
  let state = initialBuildState;
  const hasAllInputs = image === "setup" || !guestToolsAreUnknown(set);
  const recipeOf = async ({ name, recipeFile }: ImageSet) => {
    return { set: name, sha256: await digests.file(recipeFile) };
  };
  let recipe = await recipeOf(set);
  const inputsWith = (rules: readonly Rule[]) => [...inputs.recorded, ...rulesInput(rules)];
  // The manifest goes with the archive, and says to anybody what it is. The record stays, and says what was built here: it decides
  // whether an image need not be built, and anybody can write a manifest.
  const facts = (rules: readonly Rule[]) => ({ kind: image, recipe, inputs: inputsWith(rules) });
  const onBuilt = (result: BuildResult, rules: readonly Rule[]) =>
    rememberBuild(paths, result.path, result.digest, {
      session: state.session,
      finished: Date.now(),
      milliseconds: Date.now() - state.started,
      steps: stepTimes(state),
      inputs: inputsWith(rules),
    });
  const onEvent = (event: BuildEvent) => {
    state = reduceBuild(state, event);
    context.onEvent(event);
  };
  const saveStep: BuildPlan["saveStep"] = async (index, before, step) => {
    const { steps } = plan.choices ?? {};
    const file = steps ?? set.stepsFile ?? set.recipeFile;
    await changeInstallStep(file, { index, before, step, folder: set.folder });
    built = readImageSet(set.recipeFile);
    recipe = await recipeOf(built);
    await inputs.renew(steps === undefined ? "recipe" : "choice");
  };
  return await buildImage(
    { ...plan, inputs, hasAllInputs, facts, onBuilt, saveStep },
    { ...context, onEvent },
  );
}

function stepTimes({ steps }: BuildState): Record<string, number> {
  const done = steps.filter(({ isReused }) => !isReused);
  return Object.fromEntries(done.map(({ step, started, finished = started }) => [step, finished - started]));
}
