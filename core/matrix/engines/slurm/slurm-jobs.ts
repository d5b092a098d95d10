/** A job, as squeue describes it. */
export interface SlurmJob {
  readonly id: string;
  /** In Slurm's words: PENDING, RUNNING, TIMEOUT... */
  readonly state: string;
  /** Why it waits or has failed, in Slurm's words; empty if there is none. */
  readonly reason: string;
  /** Empty while it waits. */
  readonly node: string;
  /** As the job was submitted. */
  readonly comment: string;
}

/** The format that `parseJobs` reads. The comment is last: it can have any characters. */
export const jobFormat = "%i|%T|%r|%N|%k";
const fieldCount = jobFormat.split("|").length;

/** States in which a job has come to its end, maybe after others, such as NODE_FAIL before it is queued again. */
const endStates = new Set([
  ...["BOOT_FAIL", "CANCELLED", "COMPLETED", "DEADLINE", "FAILED", "NODE_FAIL", "OUT_OF_MEMORY"],
  ...["PREEMPTED", "REVOKED", "TIMEOUT"],
]);
/** The states of jobs whose program runs, or is being ended. */
const runningStates = new Set(["RUNNING", "SUSPENDED", "COMPLETING", "STOPPED", "SIGNALING"]);

/** Reads the output of squeue. */
export function parseJobs(printed: string): readonly SlurmJob[] {
  return printed.split("\n").flatMap((line) => {
    const fields = line.split("|");
    if (fields.length < fieldCount) return [];
    const [id = "", state = "", reason = "", node = "", ...comment] = fields;
    return [{ id, state, reason: reason === "None" ? "" : reason, node, comment: comment.join("|") }];
  });
}

export function hasEnded({ state }: Pick<SlurmJob, "state">): boolean {
  return endStates.has(state);
}

export function isRunning({ state }: Pick<SlurmJob, "state">): boolean {
  return runningStates.has(state);
}

/** The reason why a job waits, in Slurm's words. */
export function waitingReason({ state, reason }: Pick<SlurmJob, "state" | "reason">): string {
  return `Slurm: ${reason || state}`;
}

/** The state of a job in Slurm's words, with its reason and node. */
export function describeState({ state, reason, node }: Pick<SlurmJob, "state" | "reason" | "node">): string {
  return `${state}${reason && ` (${reason})`}${node && ` on node ${node}`}`;
}

/** The words of a Slurm program that has refused something, without its name. @param printed the lines of its output */
export function refusalOf(printed: readonly string[]): string {
  return printed
    .filter((line) => /^\w+: (error|fatal): /.test(line))
    .map((line) => line.replace(/^\w+: (error|fatal): (Batch job submission failed: )?/, ""))
    .join("; ");
}

/** Refusals that end by themselves: a limit on the number of jobs, or a controller that does not answer. */
export function mayEnd(refusal: string): boolean {
  return /submit limit|MaxSubmit|MaxJob|maximum job|temporarily|contact slurm controller|timed out/i.test(
    refusal,
  );
}

/** Whether nodes have a feature. @param printed the features of all nodes, as `sinfo --format %f` prints them */
export function someNodeHas(feature: string, printed: string): boolean {
  return printed.split(/[\s,]+/).includes(feature);
}

/** Whether a Slurm knows features that a job prefers. @param printed the output of `sbatch --version` */
export function knowsPreferred(printed: string): boolean {
  const [, year = 0, month = 0] = /(\d+)\.(\d+)/.exec(printed) ?? [];
  return Number(year) * 100 + Number(month) >= 2205;
}
