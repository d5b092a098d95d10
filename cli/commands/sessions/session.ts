import { Command } from "commander";
import {
  saveStatesQuietly,
  statesAfter,
  statesAfterFailure,
} from "../../../core/builder/warm/save-states.ts";
import { performJob } from "../../../core/matrix/engines/slurm/perform-job.ts";
import { performPlan } from "../../../core/plan/perform-plan.ts";
import { receivePlan } from "../../../core/process/parent-process.ts";
import { findPaths } from "../../../core/storage/paths.ts";
import { runToExit } from "../../support/context.ts";
import { exitStatus } from "../../support/exit-status.ts";

/**
 * `tinsmith session`: the process of a build or run that the window starts. The window sends it a plan, and watches it
 * as any other session; nobody reads what it prints. A job in Slurm runs it with a folder, which has the plan and gets the result.
 */
export function sessionCommand(): Command {
  return new Command("session")
    .description("Build or run what the window, or a job in Slurm, asks for.")
    .option("--job <FOLDER>", "perform the work of a job in Slurm")
    .action(({ job }: { readonly job?: string }) =>
      runToExit(async (signal) => {
        if (job !== undefined) {
          await performJob(job, signal);
          return exitStatus.success;
        }
        const plan = await receivePlan(signal);
        const paths = findPaths();
        const { result } = await performPlan(plan, { paths, signal }).catch(async (error) => {
          await saveStatesQuietly(statesAfterFailure(plan), { paths, signal });
          throw error;
        });
        await saveStatesQuietly(statesAfter(plan), { paths, signal });
        return result === "success" ? exitStatus.success : exitStatus.failed;
      }),
    );
}
