import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { type BuildResult, type BuildState, initialBuildState, reduceBuild } from "../../shared/build.ts";
import { AppError } from "../../shared/errors.ts";
import type { ImageKind } from "../../shared/library.ts";
import type { IsoSource } from "../../shared/recipe.ts";
import { requireFile } from "../files/files.ts";
import { type BuildContext, type BuildPlan, buildImage, type Preparation } from "./build.ts";
import { buildInputs } from "./build-inputs.ts";
import { rememberBuild } from "./build-records.ts";
import { performStep } from "./build-step.ts";
import { makeDataIso } from "./data-iso.ts";
import { prepareGuestTools } from "./guest-tools.ts";
import type { ImageSet } from "./image-set.ts";
import { findInstallIso } from "./install-iso.ts";
import { workFiles } from "./kept-work.ts";

/** What a person may set for one rebuild. */
export interface RebuildOptions {
  /** MiB. */
  readonly memory?: number | undefined;
  /** Seconds; an unattended build that is not told is given 20 minutes. */
  readonly timeout?: number | undefined;
  /** An ISO in place of the recipe's. */
  readonly iso?: IsoSource | undefined;
  /** A machine definition for the setup image, in place of the recipe's. */
  readonly machine?: string | undefined;
  /** GiB of a new disk, in place of the recipe's. */
  readonly size?: number | undefined;
  /** A person installs the setup image, whatever steps the recipe has, and is asked what to do when the guest is off. */
  readonly byHand?: boolean | undefined;
  readonly vncPort?: number | undefined;
  /** When the build fails, its guest is left running until a person ends it. */
  readonly keepFailed?: boolean | undefined;
  /** The failed session whose work is gone on with, where that is sound. */
  readonly retry?: string | undefined;
}

/** Far more than an unattended build takes under emulation (14 s measured), far less than a person waits. */
const unattendedSeconds = 20 * 60;

/** Builds the setup image: the recipe's ISO is installed on a new disk, by its install steps or by a person. */
export async function rebuildSetup(
  set: ImageSet,
  options: RebuildOptions,
  context: BuildContext,
): Promise<BuildResult> {
  const source = options.iso ?? set.recipe.iso;
  if (source) return await buildAndRecord(set, "setup", setupPlan(set, source, options, context), context);
  throw new AppError({
    code: "missing-file",
    message: `the image set ${set.name} has no setup image, and its recipe names no ISO to install one from`,
    advice: `Install it by hand, in the window or with tinsmith rebuild setup --by-hand --recipe ${set.folder} --boot ISO --vnc 5900 and a VNC viewer at localhost:5900.`,
  });
}

function setupPlan(
  { name, recipe, folder, setupImage }: ImageSet,
  source: IsoSource,
  options: RebuildOptions,
  { paths }: BuildContext,
): BuildPlan {
  const { byHand = false } = options;
  const install = byHand ? [] : recipe.install;
  return {
    title: `Setup image ${name}`,
    output: setupImage,
    source: {
      kind: "new",
      machineFile: options.machine ?? join(folder, recipe.machine),
      sizeGib: options.size ?? recipe.size,
    },
    prepare: async ({ report, run, signal }) => {
      const onLine = (text: string) => report({ type: "output", text });
      const bootIso = await performStep(report, "install-iso", (onProgress) =>
        findInstallIso(source, { folder, cache: paths.cache, run, signal, onLine, onProgress }),
      );
      return { bootIso };
    },
    install,
    byHand,
    internet: recipe.internet,
    memory: options.memory,
    timeout: options.timeout ?? (install.length > 0 ? unattendedSeconds : undefined),
    vncPort: options.vncPort,
    keepFailed: options.keepFailed,
    retry: options.retry,
  };
}

/** Builds the worker image from the setup image, which is built first when it is not there. */
export async function rebuildWorker(
  set: ImageSet,
  options: RebuildOptions,
  context: BuildContext,
): Promise<BuildResult> {
  if (!existsSync(set.setupImage)) await rebuildSetup(set, options, context);
  const { recipe } = set;
  return await buildAndRecord(
    set,
    "worker",
    {
      title: `Worker image ${set.name}`,
      output: set.workerImage,
      source: { kind: "image", archive: set.setupImage },
      prepare: async (preparation) => ({ dataDrive: { iso: await prepareDataCd(set, preparation) } }),
      done: recipe.done,
      internet: recipe.internet,
      memory: options.memory,
      timeout: options.timeout ?? unattendedSeconds,
      vncPort: options.vncPort,
      keepFailed: options.keepFailed,
      retry: options.retry,
    },
    context,
  );
}

/** Builds, and keeps how that went and from what, so that one can tell when the archive is out of date. */
async function buildAndRecord(
  set: ImageSet,
  image: ImageKind,
  plan: BuildPlan,
  context: BuildContext,
): Promise<BuildResult> {
  // Taken before the build: what is changed meanwhile is not in it. Guest tools that the recipe builds are not known.
  const inputs = buildInputs(set, image);
  let state = initialBuildState;
  const isKnown = image === "setup" || !set.recipe.guestTools?.build;
  const result = await buildImage(
    { ...plan, inputs: isKnown ? inputs : undefined },
    {
      ...context,
      onEvent: (event) => {
        state = reduceBuild(state, event);
        context.onEvent(event);
      },
    },
  );
  rememberBuild(context.paths, result.path, result.digest, {
    session: state.session,
    finished: Date.now(),
    milliseconds: Date.now() - state.started,
    steps: stepTimes(state),
    inputs: [...inputs],
  });
  return result;
}

function stepTimes({ steps }: BuildState): Record<string, number> {
  const done = steps.filter(({ isReused }) => !isReused);
  return Object.fromEntries(done.map(({ step, started, finished = started }) => [step, finished - started]));
}

/** Makes the data CD, or of it what an earlier build that is tried again did not come to make. */
async function prepareDataCd(set: ImageSet, { folder, report, run }: Preparation): Promise<string> {
  const made = join(folder, workFiles.dataCd);
  if (existsSync(made)) return made;
  const where = { recipeFolder: set.folder, folder };
  const tools = existsSync(join(folder, workFiles.guestTools))
    ? await prepareGuestTools(set.recipe.guestTools, { ...where, run: async () => {} })
    : await performStep(report, "guest-tools", () =>
        prepareGuestTools(set.recipe.guestTools, { ...where, run }),
      );
  return await performStep(report, "data-cd", () => {
    const files = set.recipe.cd.map((path) => ({
      name: basename(path),
      from: requireFile(join(set.folder, path), `The recipe of ${set.name} wants it on the data CD.`),
    }));
    return makeDataIso([...files, ...tools], folder, run);
  });
}
