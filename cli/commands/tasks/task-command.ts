import { performPlan } from "../../../core/plan/perform-plan.ts";
import { findPaths } from "../../../core/storage/paths.ts";
import type { MetaPlan, RunPlan } from "../../../shared/contracts/plan.ts";
import { toAppError } from "../../../shared/errors/errors.ts";
import type { TaskOutcome } from "../../../shared/guest/task-outcome.ts";
import { runToExit } from "../../support/context.ts";
import { exitStatus } from "../../support/exit-status.ts";
import type { Environment } from "../../support/options.ts";
import { printNote } from "../../support/print.ts";
import type { RulesOptions } from "../../support/read-rules.ts";
import { printTimings } from "../sessions/print-timings.ts";
import { createRunOutput } from "./run-output.ts";

/** Options of the commands that have guest tools run a task. */
export interface TaskOptions extends RulesOptions {
  readonly env?: Environment;
  readonly keepAlive?: boolean;
  /** True unless `--no-tty` was given. */
  readonly tty: boolean;
  readonly exitStatus?: boolean;
  readonly json?: boolean;
  readonly timings?: boolean;
}

/** The task of a plan, from the arguments of the CLI. */
export function taskOf(command: string[], { env, tty }: TaskOptions): RunPlan["task"] {
  return { command, env: { ...env }, ...(!tty && { tty }) };
}

/** Has guest tools run a task, and exits with the status that the options choose. */
export function runTaskToExit(
  given: TaskOptions,
  plan: () => RunPlan | MetaPlan | Promise<RunPlan>,
): Promise<void> {
  const work = async (signal: AbortSignal) => {
    const output = createRunOutput(given, signal);
    const paths = findPaths();
    let session: string | undefined;
    const onRunEvent: typeof output.onRunEvent = (event) => {
      if (event.type === "run-started") session = event.session;
      output.onRunEvent(event);
    };
    try {
      const outcome = await performPlan(await plan(), { paths, signal, ...output, onRunEvent });
      return given.exitStatus ? taskStatus(outcome) : resultStatus(outcome);
    } catch (thrown) {
      output.onError(toAppError(thrown));
      throw thrown;
    } finally {
      if (given.timings && session !== undefined) await printTimings(paths, session, given);
    }
  };
  return runToExit(work, given.exitStatus ? { failureStatus: exitStatus.notTheTask } : {});
}

function resultStatus({ result }: TaskOutcome): number {
  return result === "success" ? exitStatus.success : exitStatus.failed;
}

function taskStatus(outcome: TaskOutcome): number {
  if (outcome.exit) return outcome.exit.status;
  if (outcome.result === "failed")
    printNote("The guest tools did not report the exit status of the failed task. Tinsmith exits with 1.");
  return resultStatus(outcome);
}
