import { spawnSync } from "node:child_process";
import { AppError, toAppError } from "../../../../shared/errors/errors.ts";
import { runCommand } from "../../../process/run-command.ts";
import { jobFormat, knowsPreferred, parseJobs, refusalOf, type SlurmJob, someNodeHas } from "./slurm-jobs.ts";

/** Jobs that one scancel names. */
const cancelledAtOnce = 200;

/** Lists all jobs of this user that Slurm still knows, also those that have ended lately. */
export async function listJobs(): Promise<readonly SlurmJob[]> {
  return parseJobs(
    await explained(runCommand(["squeue", "--me", "--noheader", "--states=all", `--format=${jobFormat}`])),
  );
}

/** Submits a job. @param args options of sbatch, and the script. @returns the job's id */
export async function submitJob(args: readonly string[]): Promise<string> {
  const printed = await explained(runCommand(["sbatch", "--parsable", ...args]));
  // The name of the cluster may follow.
  const [id = ""] = printed.trim().split(";");
  return id;
}

/** Cancels jobs. Those that have ended stay as they are. */
export async function cancelJobs(ids: readonly string[]): Promise<void> {
  for (let first = 0; first < ids.length; first += cancelledAtOnce)
    await runCommand(["scancel", "--quiet", ...ids.slice(first, first + cancelledAtOnce)]);
}

/** Cancels jobs in a process that can't wait. */
export function cancelJobsAtOnce(ids: readonly string[]): void {
  spawnSync("scancel", ["--quiet", ...ids], { stdio: "ignore" });
}

/** Finds a job in Slurm's accounting, if it has one: squeue forgets jobs minutes after their end. */
export async function findEndedJob(id: string): Promise<SlurmJob | undefined> {
  const args = [
    "--noheader",
    "--parsable2",
    "--allocations",
    `--jobs=${id}`,
    "--format=JobID,State,Reason,NodeList",
  ];
  try {
    const [job] = parseJobs((await runCommand(["sacct", ...args])).replaceAll(/$/gm, "|"));
    // "CANCELLED by 1000"
    return job && { ...job, state: job.state.split(" ")[0] ?? "" };
  } catch {
    return undefined;
  }
}

/** The options by which a job prefers nodes with KVM: none if no node has that feature, or this Slurm knows no preference. */
export async function kvmPreference(): Promise<readonly string[]> {
  const version = await explained(runCommand(["sbatch", "--version"]));
  if (!knowsPreferred(version)) return [];
  const features = await explained(runCommand(["sinfo", "--noheader", "--format=%f"]));
  return someNodeHas("kvm", features) ? ["--prefer=kvm"] : [];
}

/** Puts Slurm's own words into the error of one of its programs. */
async function explained(command: Promise<string>): Promise<string> {
  try {
    return await command;
  } catch (thrown) {
    const error = toAppError(thrown);
    const refusal = refusalOf(error.details);
    if (error.code !== "command-failed" || refusal === "") throw error;
    throw new AppError({
      code: "command-failed",
      message: `Slurm says: ${refusal}`,
      advice: "See whether Slurm works with sinfo, and whether its options are right.",
      details: error.details,
    });
  }
}
