import { existsSync } from "node:fs";
import { AppError } from "../../../../shared/errors/errors.ts";
import { lastLines } from "../../../files/folders.ts";
import type { UnitObserver } from "../../engine.ts";
import type { JobFolder, JobResult } from "./job-folder.ts";
import type { JobQueue } from "./job-queue.ts";
import { SessionTail } from "./session-tail.ts";
import { describeState, hasEnded, isRunning, type SlurmJob, waitingReason } from "./slurm-jobs.ts";
import { findEndedJob } from "./slurm-programs.ts";

/** Looks for which the result of a job that has ended may still come: network file systems show new files late. */
const patience = 5;
/** Milliseconds that Slurm gets for the end of a cancelled job: it kills its processes after 30 seconds, unless it is told otherwise. */
const cancelTime = 90_000;
/** Lines of a job's output that are shown. */
const shownLines = 10;

interface Following extends Pick<UnitObserver, "signal" | "onWait" | "onStart" | "onEvent"> {
  readonly queue: Pick<JobQueue, "look" | "cancel" | "follow">;
}

/** A result with what was built. */
export type SuccessfulResult = JobResult & { readonly built: NonNullable<JobResult["built"]> };

/**
 * Follows a job to its end: its state and reason by Slurm's queue, its events and its result by its folder, so that nothing depends
 * on Slurm's accounting. When the signal aborts, it cancels the job, and waits until Slurm has ended it.
 *
 * @throws AppError the error of the build, or in Slurm's words the end of a job without a result; the signal's reason
 */
export async function followJob(
  id: string,
  folder: JobFolder,
  { queue, signal, onWait, onStart, onEvent }: Following,
): Promise<SuccessfulResult> {
  using _followed = queue.follow(id);
  const tail = new SessionTail(folder);
  let shown: string | undefined;
  /** @param reason why the job waits; none if it runs */
  const show = (reason: string) => {
    if (reason === shown) return;
    shown = reason;
    if (reason === "") onStart();
    else onWait(reason);
  };
  let looksAfterEnd = 0;
  let cancelled: number | undefined;
  for (;;) {
    const { jobs, problem } = await queue.look();
    const job = jobs.get(id);
    const isThere = job !== undefined && !hasEnded(job);
    if (isThere) show(isRunning(job) ? "" : (problem ?? waitingReason(job)));
    for (const event of await tail.next()) {
      // It can have run between two looks.
      show(isThere && !isRunning(job) ? (shown ?? "") : "");
      onEvent(event);
    }
    const result = folder.readResult();
    if (isSuccessful(result)) {
      // Slurm has queued it again, because it has lost the node that has built it.
      if (isThere && !isRunning(job)) queue.cancel(id);
      return result;
    }
    if (signal.aborted) {
      cancelled ??= Date.now();
      if (!isThere || Date.now() - cancelled > cancelTime) throw signal.reason;
      if (job.state !== "COMPLETING") queue.cancel(id);
    }
    if (isThere && !(job.state === "COMPLETING" && isFinal(result))) {
      looksAfterEnd = 0;
      continue;
    }
    looksAfterEnd += 1;
    if (isFinal(result) && !isEndedBySlurm(job)) throw new AppError(result.error);
    if (result || looksAfterEnd >= patience) throw await endedWithoutResult(id, job, folder, result);
  }
}

function isSuccessful(result: JobResult | undefined): result is SuccessfulResult {
  return result?.built !== undefined;
}

/** An interruption is told in Slurm's words: it may queue the job again. */
function isFinal(result: JobResult | undefined): result is JobResult & Required<Pick<JobResult, "error">> {
  return result?.error !== undefined && result.error.code !== "interrupted";
}

/** Whether Slurm has ended the job's program, whatever that has told of its end. */
function isEndedBySlurm(job: SlurmJob | undefined): boolean {
  return job !== undefined && !["COMPLETED", "FAILED", "COMPLETING"].includes(job.state);
}

async function endedWithoutResult(
  id: string,
  seen: SlurmJob | undefined,
  { output }: JobFolder,
  result: JobResult | undefined,
): Promise<AppError> {
  const job = seen ?? (await findEndedJob(id));
  const end = job
    ? `has ended without a result: ${describeState(job)}`
    : "is gone from Slurm without a result";
  const told = result?.error ? [result.error.message] : [];
  return new AppError({
    code: job?.state === "TIMEOUT" ? "timed-out" : "build-failed",
    message: `Slurm's job ${id} ${end}`,
    advice: `${adviceFor(job)} Its output: ${output}`,
    details: [...told, ...(existsSync(output) ? lastLines(output, shownLines) : [])],
  });
}

function adviceFor(job: SlurmJob | undefined): string {
  switch (job?.state) {
    case "TIMEOUT":
    case "DEADLINE":
      return "Give it more time with --sbatch=--time=MINUTES.";
    case "OUT_OF_MEMORY":
      return "Give it more memory with --sbatch=--mem=MiB.";
    case "FAILED":
    case "COMPLETED":
      return "Make sure that the node sees that folder, and this Tinsmith at the same path.";
    default:
      return "Build the cell again with tinsmith matrix --failed.";
  }
}
