import { AppError, toAppError } from "../../../../shared/errors/errors.ts";
import { quoteForShell } from "../../../../shared/text/quote-for-shell.ts";
import { replaceFile } from "../../../files/writing/replace-file.ts";
import { sessionArguments } from "../../../session/client/start-session.ts";
import { keptDigests } from "../../../storage/digest-store.ts";
import { installation } from "../../../storage/installation.ts";
import { warnOfStranger } from "../../../storage/known-images.ts";
import type { Paths } from "../../../storage/paths.ts";
import type { ImageUnit } from "../../units.ts";
import { buildOverhead } from "../admission.ts";
import type { JobFolder, WorkFolder } from "./job-folder.ts";
import { mayEnd, type SlurmJob } from "./slurm-jobs.ts";
import { submitJob } from "./slurm-programs.ts";

/** By the comment of a job, any later `tinsmith matrix` finds its folder, even if this process is killed at once. */
const commentStart = "tinsmith:";

/** The folder of a job of ours; undefined for another one. */
export function folderOf({ comment }: Pick<SlurmJob, "comment">): string | undefined {
  return comment.startsWith(commentStart) ? comment.slice(commentStart.length) : undefined;
}

interface Submission {
  readonly paths: Paths;
  readonly work: WorkFolder;
  /** Options of sbatch that a person has given. */
  readonly given: readonly string[];
  /** Options that a person's replace. */
  readonly usual: readonly string[];
  readonly signal: AbortSignal;
}

/** A job that Slurm has taken. */
export interface SubmittedJob {
  readonly id: string;
  readonly folder: JobFolder;
}

/** A job that Slurm has not taken now; it may have, if only its answer was lost. */
interface RefusedJob {
  readonly folder: JobFolder;
  /** In Slurm's words. */
  readonly refusal: string;
}

/**
 * Submits the job that builds a unit.
 *
 * @returns the job, or a refusal that may end by itself
 * @throws AppError `command-failed` when Slurm refuses the job
 */
export async function submitUnit(
  unit: ImageUnit,
  { paths, work, given, usual, signal }: Submission,
): Promise<SubmittedJob | RefusedJob> {
  const knownImages = await knownImagesOf(unit, paths, signal);
  const folder = work.create(unit);
  try {
    folder.writeRequest({ plan: unit.plan, knownImages });
    replaceFile(folder.script, () => scriptOf(folder, work), 0o700);
    return { id: await submitJob([...jobOptions(unit, folder), ...usual, ...given, folder.script]), folder };
  } catch (thrown) {
    const { code, message, details } = toAppError(thrown);
    if (code === "command-failed" && mayEnd(message)) return { refusal: message, folder };
    folder.remove();
    if (code !== "command-failed") throw thrown;
    const { memory, cores } = needsOf(unit);
    throw new AppError({
      code,
      message: `the job of ${unit.name} was refused. ${message}`,
      advice: `Change the options of --sbatch, or the machine definition: the job needs ${memory} MiB and ${cores === 1 ? "a core" : `${cores} cores`} of one node.`,
      details,
    });
  }
}

function needsOf({ memory, cores }: ImageUnit) {
  return { memory: memory + buildOverhead, cores };
}

function jobOptions(unit: ImageUnit, folder: JobFolder): readonly string[] {
  const { memory, cores } = needsOf(unit);
  return [
    ...[`--job-name=tinsmith ${unit.name}`, `--comment=${commentStart}${folder.path}`],
    ...["--nodes=1", "--ntasks=1", `--cpus-per-task=${cores}`, `--mem=${memory}M`],
    // Slurm gives a percent sign in a path a meaning of its own, so the path is relative.
    ...[`--chdir=${folder.path}`, "--output=output.txt", "--open-mode=append"],
  ];
}

/** The job's program: this Tinsmith, with a home for each node. */
function scriptOf({ path }: JobFolder, { nodes }: WorkFolder): string {
  const argv = [process.execPath, installation.commandLine, ...sessionArguments, "--job", path];
  return `#!/bin/sh
export TINSMITH_HOME=${quoteForShell(nodes)}/"\${SLURMD_NODENAME:-$(uname -n)}"
exec ${argv.map(quoteForShell).join(" ")}
`;
}

/** The digest of the setup image, if it was made here: the node's Tinsmith can't know that. */
async function knownImagesOf(
  { plan }: ImageUnit,
  paths: Paths,
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (plan.image === "setup" || plan.setupImage === undefined) return [];
  const digest = await keptDigests(paths, signal).file(plan.setupImage);
  return warnOfStranger(paths, plan.setupImage, digest) === undefined ? [digest] : [];
}
