import { onParentStop, tellParent } from "../core/parent-process.ts";
import { AppError, toAppError } from "../shared/errors.ts";
import { exitStatus, exitStatusOf } from "./exit-status.ts";

/**
 * Runs what a command does and sets the exit status by what it returns or throws.
 *
 * The first SIGINT or SIGTERM aborts the signal, upon which all ends in order; a second one ends the process at
 * once (virtual machines die with it).
 */
export async function runToExit(work: (signal: AbortSignal) => Promise<number | undefined>): Promise<void> {
  const controller = new AbortController();
  let interruption: number | undefined;
  const interrupt = (status: number) => {
    if (interruption !== undefined) process.exit(status);
    interruption = status;
    controller.abort(new AppError({ code: "interrupted", message: "interrupted" }));
  };
  const onInterrupt = () => interrupt(exitStatus.interrupted);
  const onTerminate = () => interrupt(exitStatus.terminated);
  // A reader such as head that has seen enough.
  process.stdout.once("error", onTerminate);
  process.on("SIGINT", onInterrupt).on("SIGTERM", onTerminate).on("SIGHUP", onTerminate);
  onParentStop(onTerminate);
  try {
    process.exitCode = (await work(controller.signal)) ?? exitStatus.success;
  } catch (thrown) {
    const error = toAppError(thrown);
    tellParent({ error: error.toJSON() });
    printError(error);
    process.exitCode =
      error.code === "interrupted" ? (interruption ?? exitStatus.interrupted) : exitStatusOf(error);
  } finally {
    process.off("SIGINT", onInterrupt).off("SIGTERM", onTerminate).off("SIGHUP", onTerminate);
  }
}

/** Says what the person should know. */
export function printNote(text: string): void {
  process.stderr.write(`note: ${text}\n`);
}

/** What happened, what to do, and the evidence. */
function printError(error: AppError): void {
  const lines = [`error: ${error.message}`, ...error.details.map((line) => `  ${line}`)];
  if (error.advice) lines.push(error.advice);
  if (error.code === "internal" && error.cause instanceof Error) lines.push(String(error.cause.stack));
  process.stderr.write(`${lines.join("\n")}\n`);
}
