import { parsePlan } from "../../../../shared/contracts/plan.ts";
import { AppError, toAppError } from "../../../../shared/errors/errors.ts";
import type { BuildEvent } from "../../../../shared/session/build.ts";
import { makePrivateFolder } from "../../../files/private-folder.ts";
import { performPlan } from "../../../plan/perform-plan.ts";
import { rememberImage, warnOfStranger } from "../../../storage/known-images.ts";
import { findPaths } from "../../../storage/paths.ts";
import { JobFolder, type JobResult } from "./job-folder.ts";

/**
 * Performs the work of a job on its node, and leaves the result in the job's folder. Slurm's own record of jobs is optional, and tells
 * no error of a build.
 *
 * @throws AppError as `performPlan` does; `usage` outside of a job
 */
export async function performJob(path: string, signal: AbortSignal): Promise<void> {
  const { SLURM_JOB_ID: job, TINSMITH_HOME: home } = process.env;
  if (!job || !home)
    throw new AppError({
      code: "usage",
      message: `${path} can only be built by the job in Slurm that it belongs to`,
      advice: "Submit jobs with tinsmith matrix --on slurm.",
    });
  const folder = new JobFolder(path);
  const { plan, knownImages } = folder.readRequest();
  makePrivateFolder(home);
  const paths = findPaths();
  for (const digest of knownImages)
    if (warnOfStranger(paths, path, digest) !== undefined) rememberImage(paths, digest);
  const started = Date.now();
  const end = (rest: Pick<JobResult, "built" | "error">) => {
    folder.writeResult({ job, home, started, finished: Date.now(), ...rest });
    // Slurm may queue a job again that it has interrupted.
    if (rest.error?.code !== "interrupted") folder.forgetRequest();
  };
  let built: JobResult["built"];
  const onBuildEvent = (event: BuildEvent) => {
    if (event.type === "build-started")
      folder.writeSession({ job, session: event.session, folder: event.folder });
    if (event.type === "build-finished") built = { result: event.result, upToDate: event.upToDate };
  };
  try {
    await performPlan(parsePlan(plan), { paths, signal, onBuildEvent });
    end({ built });
  } catch (thrown) {
    end({ error: toAppError(thrown).toJSON() });
    throw thrown;
  }
}
