import { setTimeout as delay } from "node:timers/promises";
import {
  namesOfOpenWork,
  onStopRequest,
  requestStop,
  runLastActs,
  unwindTimeout,
} from "../../core/async/process-end.ts";
import { describeError, surviveErrors } from "../../core/crash/crash-reporter.ts";
import { onParentStop, tellParent, untilHeard } from "../../core/process/parent-process.ts";
import { AppError, toAppError } from "../../shared/errors/errors.ts";
import { hasErrorCode } from "../../shared/errors/system-error.ts";
import { exitStatus, exitStatusOf } from "./exit-status.ts";
import { printMessage, printNote } from "./print.ts";

/** How long the end of an interrupted command waits for a reader that takes nothing, such as a paused pager. Milliseconds. */
const flushTimeout = 500;
/** The number of the signal that no longer waits: the second one only says what is still being shut down. */
const forcingSignal = 3;

interface ExitOptions {
  /** The exit status for every error but an interruption, in place of the error's own. */
  readonly failureStatus?: number;
  /** The command survives errors that nobody catches: what it serves has nothing to do with most of them. */
  readonly survivesErrors?: boolean;
}

/**
 * Runs a command's work and sets the exit status by its result or error.
 *
 * The first SIGINT or SIGTERM aborts the signal, and everything unwinds in order. The second one says what is still
 * being shut down. The third one, or a forced stop by the session's API, skips all waiting: see
 * core/async/process-end.ts. Output that nobody reads stops the work as the first signal does; an uncaught error does
 * so too. A signal after the work is done changes the exit status only if nobody reads the rest of the output.
 */
export async function runToExit(
  work: (signal: AbortSignal) => Promise<number | undefined>,
  { failureStatus, survivesErrors = false }: ExitOptions = {},
): Promise<void> {
  const controller = new AbortController();
  let interruption: number | undefined;
  let signals = 0;
  let outputError: AppError | undefined;
  let isDone = false;
  const stop = (status: number, reason = new AppError({ code: "interrupted", message: "interrupted" })) => {
    interruption ??= status;
    controller.abort(reason);
  };
  const force = (status: number) => {
    runLastActs();
    process.exit(interruption ?? status);
  };
  const receive = (status: number) => {
    if (isDone) return void exitSoon(status);
    signals += 1;
    if (signals >= forcingSignal) force(status);
    else if (interruption === undefined) stop(status);
    else printNote(describeShutdown());
  };
  const onInterrupt = () => receive(exitStatus.interrupted);
  const onTerminate = () => receive(exitStatus.terminated);
  const unwind = (thrown: unknown) => {
    if (interruption !== undefined) return;
    stop(exitStatus.host, unexpectedError(thrown));
    // The code that had the error may be what the end of the work waits for.
    setTimeout(() => force(exitStatus.host), unwindTimeout);
  };
  if (survivesErrors) surviveErrors();
  else process.on("uncaughtException", unwind);
  using _requests = onStopRequest(({ isForced }) => (isForced ? force : stop)(exitStatus.terminated));
  // The terminal is gone, about which nobody can be told. Unheard, the error would end the process at once.
  process.stderr.on("error", () => {});
  process.stdout.on("error", (thrown) => {
    if (interruption !== undefined) return;
    outputError = cannotPrint(thrown);
    if (isDone) endWith(outputError, failureStatus);
    else stop(statusOf(outputError, failureStatus), outputError);
  });
  // They stay to the end of the process: a signal that comes after the work must not make a failure of it.
  process.on("SIGINT", onInterrupt).on("SIGTERM", onTerminate).on("SIGHUP", onTerminate);
  // A write past the user's limit for files is to fail. Node ignores this signal only until execa has listened to it.
  process.on("SIGXFSZ", () => {});
  onParentStop(requestStop);
  try {
    process.exitCode = (await work(controller.signal)) ?? exitStatus.success;
    if (outputError) endWith(outputError, failureStatus);
  } catch (thrown) {
    const error = toAppError(thrown);
    tellParent({ error: error.toJSON() });
    printError(error);
    process.exitCode =
      error.code === "interrupted"
        ? (interruption ?? exitStatusOf(error))
        : (failureStatus ?? exitStatusOf(error));
  } finally {
    isDone = true;
    // By itself, Node would stop listening to signals a while before it ends the process.
    process.once("beforeExit", () => process.exit());
    process.off("uncaughtException", unwind);
  }
  if (interruption !== undefined) await exitSoon();
}

/** Says that this process has a fault; the report of it has the rest. */
function unexpectedError(thrown: unknown): AppError {
  const { message } = describeError(thrown);
  return new AppError(
    {
      code: "internal",
      message: `Tinsmith had an unexpected error: ${message}`,
      advice: "Try again. If it happens again, export the crash report, and report the error.",
    },
    { cause: thrown },
  );
}

/**
 * The error for output that can't be written. A reader such as `head` that has seen enough is not a failure of this
 * host.
 */
function cannotPrint(thrown: Error): AppError {
  if (hasErrorCode(thrown, "EPIPE"))
    return new AppError({
      code: "interrupted",
      message: "stopped, because nothing reads the output any more",
    });
  const { code, message, advice = "Send the output to another file, pipe or terminal." } = toAppError(thrown);
  return new AppError(
    // It is a failure of this host, and not of Tinsmith.
    {
      code: code === "internal" ? "no-permission" : code,
      message: `the output can't be written: ${message}`,
      advice,
    },
    { cause: thrown },
  );
}

function statusOf(outputError: AppError, failureStatus: number | undefined): number {
  if (outputError.code === "interrupted") return exitStatus.outputClosed;
  return failureStatus ?? exitStatusOf(outputError);
}

/** Ends a command that has done its work, but could not print all of it. A reader that has gone is not reported. */
function endWith(outputError: AppError, failureStatus: number | undefined): void {
  process.exitCode = statusOf(outputError, failureStatus);
  if (outputError.code !== "interrupted") printError(outputError);
}

/**
 * Ends the process, though a reader of its output, or the app that started it, may take nothing.
 *
 * @param unreadStatus the exit status in that case; without it, as in any other, it is what the work led to
 */
async function exitSoon(unreadStatus?: number): Promise<void> {
  const flushed = [process.stdout, process.stderr].map(
    (stream) => new Promise<void>((resolve) => stream.write("", () => resolve())),
  );
  await untilHeard();
  const isRead = await Promise.race([Promise.all(flushed).then(() => true), delay(flushTimeout, false)]);
  if (!isRead && unreadStatus !== undefined) process.exitCode = unreadStatus;
  process.exit();
}

function describeShutdown(): string {
  const names = namesOfOpenWork();
  return `Still shutting down${names.length > 0 ? `: ${names.join(", ")}` : ""}. Press Ctrl-C again to force it.`;
}

/** Prints the message, the advice and the details. */
function printError(error: AppError): void {
  const lines = [`error: ${error.message}`, ...error.details.map((line) => `  ${line}`)];
  if (error.advice) lines.push(error.advice);
  if (error.code === "internal" && error.cause instanceof Error) lines.push(String(error.cause.stack));
  printMessage(`${lines.join("\n")}\n`);
}
