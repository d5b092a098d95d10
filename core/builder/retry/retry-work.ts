import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { AppError, toAppError } from "../../../shared/errors/errors.ts";
import { type BuildInput, buildInputSchema, type ComparedInput } from "../../../shared/library/library.ts";
import { type BuildState, type BuildStep, buildSteps } from "../../../shared/session/build.ts";
import { readVersioned, type VersionedFormat, writeVersioned } from "../../files/writing/versioned-json.ts";
import { dataIsoName } from "../../iso/data-iso.ts";
import { type Paths, type SessionPaths, sessionPaths } from "../../storage/paths.ts";
import { compareInputs } from "../inputs/compare-inputs.ts";
import { withInputKinds, withoutTimes } from "../inputs/input-kinds.ts";
import { type SetupChoices, setupChoicesSchema } from "../inputs/setup-choices.ts";

/** The work of a failed build that a retry can resume from. */
const keptWorkSchema = z.object({
  /** The archive that was to be built. */
  output: z.string(),
  inputs: z.array(buildInputSchema),
  /** Those that need not be done again. */
  steps: z.array(z.enum(Object.keys(buildSteps) as [BuildStep, ...BuildStep[]])),
  /** For which the guest ran, when it has come to its end. */
  guestMilliseconds: z.number(),
  /** The choices that a person made for the build. */
  choices: setupChoicesSchema,
});
type RetryWork = z.infer<typeof keptWorkSchema>;

const format: VersionedFormat<RetryWork> = {
  what: "a failed build's work",
  schema: keptWorkSchema,
  migrations: [
    // The first files named no version.
    (work) => work,
    // Nobody recorded choices.
    (work) => ({ ...work, choices: {} }),
    // The inputs had no kinds.
    (work) => ({ ...work, inputs: withInputKinds(work.inputs) }),
    // Large files had no digests.
    (work) => ({ ...work, inputs: withoutTimes(work.inputs) }),
  ],
};

/** The inputs that an archive is built from, as far as they are known. */
export interface Origin {
  readonly output: string;
  readonly inputs: readonly BuildInput[];
  readonly choices: SetupChoices;
}

/** The names of the files that a build's steps make in its working folder. */
export const workFiles = {
  guestTools: "guest-tools",
  dataCd: dataIsoName,
  image: "image",
  /** Beside it: see `BootedGuest`. */
  booted: "booted",
} as const;

/**
 * Keeps the work of a failed build. A disk on which a guest failed is not kept: only one whose guest had come to its
 * end, or was kept when it had booted.
 *
 * @returns the steps that a retry need not do again.
 */
export function keepRetryWork(
  files: SessionPaths,
  { output, inputs, choices }: Origin,
  { steps }: Pick<BuildState, "steps">,
  guestMilliseconds: number,
): readonly BuildStep[] {
  const done = steps.filter(({ finished }) => finished !== undefined).map(({ step }) => step);
  const isPacking = steps.at(-1)?.step === "pack";
  const { guestTools, dataCd, image, booted } = workFiles;
  const isBooted = !isPacking && existsSync(join(files.working, booted));
  const worthKeeping: readonly BuildStep[] = isBooted ? bootedSteps : ["guest-tools", "data-cd"];
  const reusable = isPacking ? done : done.filter((step) => worthKeeping.includes(step));
  const wanted = isPacking ? [image] : isBooted ? [image, booted] : [guestTools, dataCd];
  const made = wanted.filter((name) => existsSync(join(files.working, name)));
  if (made.length === 0 || reusable.length === 0) return [];
  mkdirSync(files.keptWork);
  for (const name of made) renameSync(join(files.working, name), join(files.keptWork, name));
  const kept: RetryWork = { output, inputs: [...inputs], steps: reusable, guestMilliseconds, choices };
  writeVersioned(files.keptWorkRecord, format, kept);
  return reusable;
}

/** The kept work that a retry resumes from. */
interface Resumed extends Pick<RetryWork, "steps" | "guestMilliseconds"> {
  /** A note for the person about why not all is used again. */
  readonly note?: string;
}

/**
 * Moves the kept work of a failed session into the folder of its retry: the part whose inputs have not changed.
 *
 * @param session its id.
 */
export function takeRetryWork(
  paths: Paths,
  session: string,
  { output, inputs }: Omit<Origin, "choices">,
  working: string,
): Resumed {
  const files = sessionPaths(paths, session);
  const nothing = (note: string): Resumed => ({ steps: [], guestMilliseconds: 0, note });
  const kept = readRetryWork(files);
  if (kept instanceof AppError || kept.output !== output) {
    const isNewer = kept instanceof AppError && kept.code === "newer-version";
    return nothing(
      `${isNewer ? kept.message : `Session ${session} has kept nothing`}: Tinsmith builds everything again.`,
    );
  }
  const changed = compareInputs(kept.inputs, inputs).filter(({ change }) => change);
  const has = (name: string) => existsSync(join(files.keptWork, name));
  // With its work on it, or in the moment after the boot.
  const guest = has(workFiles.booted) ? "booted" : has(workFiles.image) ? "done" : undefined;
  const steps = kept.steps.filter((step) => isStillRight(step, guest, changed));
  const names = changed.map(({ name }) => name).join(", ");
  if (steps.length === 0 && changed.length > 0)
    return nothing(`${names} changed since: Tinsmith builds everything again.`);
  rmSync(files.keptWorkRecord);
  for (const name of readdirSync(files.keptWork)) {
    if (name === workFiles.dataCd && !steps.includes("data-cd")) continue;
    renameSync(join(files.keptWork, name), join(working, name));
  }
  return {
    // Its guest is restored, and has its disk.
    steps: guest === "booted" ? [] : steps,
    guestMilliseconds: kept.guestMilliseconds,
    ...(changed.length > 0 && { note: `${names} changed since: Tinsmith makes again what depends on that.` }),
  };
}

/** The steps that a guest which has booted stands for. */
const bootedSteps: readonly BuildStep[] = ["disk", "boot", "restore"];

/** Whether a retry would do a step in the same way, although some inputs have changed since. */
function isStillRight(
  step: BuildStep,
  guest: "booted" | "done" | undefined,
  changed: readonly ComparedInput[],
): boolean {
  const onlyChanged = (...kinds: readonly ComparedInput["kind"][]) =>
    changed.every(({ kind }) => kinds.includes(kind));
  if (guest === "done") return onlyChanged();
  // The install steps are done again. All else of the recipe is compared with the guest.
  if (guest === "booted") return onlyChanged("recipe");
  return step === "guest-tools" ? onlyChanged("cd-file", "setup-image") : onlyChanged("setup-image");
}

/**
 * The choices that a person made for a failed session's build, so that a retry makes the same image.
 *
 * @param session its id. @returns undefined when it has kept nothing for that archive.
 */
export function keptChoices(paths: Paths, session: string, output: string): SetupChoices | undefined {
  const kept = readRetryWork(sessionPaths(paths, session));
  return "choices" in kept && kept.output === output ? kept.choices : undefined;
}

/**
 * Deletes the kept work of failed builds of an archive: a newer build has made the archive, or has kept work of its
 * own.
 *
 * @param newer the id of that build's session, whose own work stays.
 * @returns the ids of the failed builds' sessions.
 */
export function dropRetryWork(paths: Paths, output: string, newer: string): readonly string[] {
  return readdirSync(paths.sessions).filter((id) => {
    if (id === newer) return false;
    const files = sessionPaths(paths, id);
    const kept = readRetryWork(files);
    if (!("output" in kept) || kept.output !== output) return false;
    rmSync(files.keptWork, { recursive: true });
    return true;
  });
}

/** Returns an error that says why, when there is nothing to resume from. */
function readRetryWork(files: SessionPaths): RetryWork | AppError {
  try {
    return readVersioned(files.keptWorkRecord, format);
  } catch (thrown) {
    return toAppError(thrown);
  }
}
