import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { z } from "zod";
import { type BuildState, type BuildStep, buildSteps } from "../../shared/build.ts";
import { AppError, toAppError } from "../../shared/errors.ts";
import { type BuildInput, buildInputSchema } from "../../shared/library.ts";
import { readVersioned, type VersionedFormat, writeVersioned } from "../files/versioned-json.ts";
import { type Paths, type SessionPaths, sessionPaths } from "../paths.ts";

/** What a failed build made, so that a retry can go on from there. */
const keptWorkSchema = z.object({
  /** The archive that was to be built. */
  output: z.string(),
  inputs: z.array(buildInputSchema),
  /** Those that need not be done again. */
  steps: z.array(z.enum(Object.keys(buildSteps) as [BuildStep, ...BuildStep[]])),
  /** For which the guest ran, when it has come to its end. */
  guestMilliseconds: z.number(),
});
type KeptWork = z.infer<typeof keptWorkSchema>;

const format: VersionedFormat<KeptWork> = {
  what: "a failed build's work",
  schema: keptWorkSchema,
  // The first files named no version.
  migrations: [(work) => work],
};

/** What an archive is built from, as far as that is known. */
interface Origin {
  readonly output: string;
  readonly inputs: readonly BuildInput[];
}

/** The names, in the folder that a build works in, of what its steps make. */
export const workFiles = { guestTools: "guest-tools", dataCd: "data-cd.iso", image: "image" } as const;

/**
 * Keeps what a failed build made, in place of what other builds of the same archive kept. A disk on which a guest
 * failed is not kept: only one whose guest had come to its end.
 *
 * @returns the steps that a retry need not do again.
 */
export function keepWork(
  files: SessionPaths,
  { output, inputs }: Origin,
  { steps }: Pick<BuildState, "steps">,
  guestMilliseconds: number,
): readonly BuildStep[] {
  const done = steps.filter(({ finished }) => finished !== undefined).map(({ step }) => step);
  const isPacking = steps.at(-1)?.step === "pack";
  const reusable = isPacking ? done : done.filter((step) => step === "guest-tools" || step === "data-cd");
  const wanted = isPacking ? [workFiles.image] : [workFiles.guestTools, workFiles.dataCd];
  const made = wanted.filter((name) => existsSync(join(files.working, name)));
  if (made.length === 0 || reusable.length === 0) return [];
  mkdirSync(files.keptWork);
  for (const name of made) renameSync(join(files.working, name), join(files.keptWork, name));
  const kept: KeptWork = { output, inputs: [...inputs], steps: reusable, guestMilliseconds };
  writeVersioned(recordFile(files), format, kept);
  return reusable;
}

/** What a retry goes on from. */
interface Resumed extends Pick<KeptWork, "steps" | "guestMilliseconds"> {
  /** Why nothing is used again, for the person to know. */
  readonly note?: string;
}

/**
 * Moves what a failed session kept into the folder in which it is tried again; unless what it was made from has changed.
 *
 * @param session its id.
 */
export function takeKeptWork(
  paths: Paths,
  session: string,
  { output, inputs }: Origin,
  working: string,
): Resumed {
  const files = sessionPaths(paths, basename(session));
  const nothing = (note: string): Resumed => ({ steps: [], guestMilliseconds: 0, note });
  const kept = readKeptWork(files);
  if (kept instanceof AppError || kept.output !== output) {
    const isNewer = kept instanceof AppError && kept.code === "newer-version";
    return nothing(`${isNewer ? kept.message : `Session ${session} has kept nothing`}: all is made anew.`);
  }
  const before = new Map(kept.inputs.map(({ name, digest }) => [name, digest]));
  const changed = inputs.filter(({ name, digest }) => before.get(name) !== digest).map(({ name }) => name);
  if (changed.length > 0 || kept.inputs.length !== inputs.length)
    return nothing(`${changed.join(", ") || "The recipe"} changed since: all is made anew.`);
  rmSync(recordFile(files));
  for (const name of readdirSync(files.keptWork)) renameSync(join(files.keptWork, name), join(working, name));
  return kept;
}

/** Removes what failed builds of an archive have kept: a newer one has begun. */
export function dropKeptWork(paths: Paths, output: string): void {
  for (const id of readdirSync(paths.sessions)) {
    const files = sessionPaths(paths, id);
    const kept = readKeptWork(files);
    if ("output" in kept && kept.output === output) rmSync(files.keptWork, { recursive: true });
  }
}

/** Or why there is nothing to go on from. */
function readKeptWork(files: SessionPaths): KeptWork | AppError {
  try {
    return readVersioned(recordFile(files), format);
  } catch (thrown) {
    return toAppError(thrown);
  }
}

function recordFile({ keptWork }: SessionPaths): string {
  return join(keptWork, "work.json");
}
