import { mkdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { AppError, toAppError } from "../shared/errors.ts";
import type { Task, TaskResult } from "../shared/guest-protocol.ts";
import { parseMachine } from "../shared/machine.ts";
import type { RunEvent } from "../shared/run.ts";
import { aborted, timeLimit } from "./abort.ts";
import { createReport, type Report } from "./events.ts";
import { withEvidence } from "./evidence.ts";
import { requireFile } from "./files.ts";
import { extractArchive } from "./image/extract-archive.ts";
import { type HostOptions, launch } from "./launch.ts";
import { LogFile } from "./log-file.ts";
import type { Paths } from "./paths.ts";
import type { VirtualMachineEnd } from "./qemu/virtual-machine.ts";
import { openSession, type Session } from "./session.ts";

/** What to run in which image. */
export interface RunPlan extends HostOptions {
  /** An image archive; it is not changed. */
  readonly archive: string;
  readonly task: Task;
  /** Seconds until the run is given up. */
  readonly timeout?: number | undefined;
  /** Leaves the guest running after the task's result, until it ends by itself or the signal aborts. */
  readonly keepAlive: boolean;
}

export interface RunContext {
  readonly paths: Paths;
  readonly signal: AbortSignal;
  readonly onEvent: (event: RunEvent) => void;
  /** Takes the task's log as it comes; while it has not settled, the guest waits. */
  readonly onLog: (bytes: Uint8Array) => void | Promise<void>;
}

/** Guest tools poll every 30 s; after four times that, counted from their first request, they are lost. */
const silenceSeconds = 120;
/** An emulated guest boots in seconds to minutes; after this time without any request none will come. */
const firstRequestSeconds = 15 * 60;

/**
 * Boots an image in which guest tools start, lets them run a command, and ends the guest after its result.
 *
 * @returns the result that the guest reported.
 * @throws AppError `guest-tools-lost` without one, `timed-out`, or what went wrong on the host, each with the
 *   guest's last lines and where the session's logs are; the signal's reason when it aborts before the result.
 */
export async function runTask(plan: RunPlan, context: RunContext): Promise<TaskResult> {
  const archive = requireFile(resolve(plan.archive), "It is the image to run: tinsmith rebuild makes one.");
  using session = openSession(context.paths, `Run of ${archive}`);
  const report = createReport<RunEvent>(session.record, context.onEvent);
  report({ type: "run-started", session: session.id, folder: session.paths.folder });
  for (const text of session.cleared) report({ type: "note", text });
  try {
    const image = join(session.paths.working, "image");
    mkdirSync(image);
    await extractArchive({ archive, folder: image, signal: context.signal });
    const result = await watchTask(plan, context, { session, image, report });
    report({ type: "run-finished" });
    return result;
  } catch (thrown) {
    const error = withEvidence(toAppError(thrown), session.paths);
    report({ type: "run-failed", error: error.toJSON() });
    throw error;
  }
}

interface Run {
  readonly session: Session;
  /** The folder of the extracted image. */
  readonly image: string;
  readonly report: Report<RunEvent>;
}

async function watchTask(plan: RunPlan, context: RunContext, run: Run): Promise<TaskResult> {
  const { session, image, report } = run;
  using limit = timeLimit(plan.timeout, "the task");
  using silence = new SilenceAlarm(() => report({ type: "guest-tools-started" }));
  const result = Promise.withResolvers<TaskResult>();
  await using cleanup = new AsyncDisposableStack();
  const taskLog = cleanup.use(await LogFile.create(session.paths.taskLog));
  const vm = cleanup.use(
    await launch({
      ...plan,
      paths: context.paths,
      session,
      machine: parseMachine(await readFile(join(image, "machine.json"), "utf8")),
      disk: { layer: join(image, "layer.qcow2"), backing: join(image, "disk.img") },
      onLog: async (bytes) => void (await Promise.all([taskLog.write(bytes), context.onLog(bytes)])),
      onResult: result.resolve,
      onActivity: () => silence.postpone(),
      onNote: (text) => report({ type: "note", text }),
    }),
  );
  const interrupted = aborted(AbortSignal.any([context.signal, limit.signal, silence.signal]));
  const lost = vm.ended.then((end) => Promise.reject(endedWithoutResult(end)));
  const outcome = await Promise.race([result.promise, lost, interrupted]);
  report({ type: "task-result", result: outcome });
  if (plan.keepAlive) await Promise.race([vm.ended, aborted(context.signal).catch(() => {})]);
  return outcome;
}

/** Aborts its signal when the guest tools have not been heard of for too long. */
class SilenceAlarm implements Disposable {
  readonly #controller = new AbortController();
  readonly #onFirst: () => void;
  #timer = this.#start(firstRequestSeconds, "did not start");
  #heard = false;

  /** @param onFirst called at the first sign of life. */
  constructor(onFirst: () => void) {
    this.#onFirst = onFirst;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  postpone(): void {
    if (this.#heard) this.#timer.refresh();
    else {
      this.#heard = true;
      clearTimeout(this.#timer);
      this.#timer = this.#start(silenceSeconds, "fell silent");
      this.#onFirst();
    }
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }

  #start(seconds: number, what: string): NodeJS.Timeout {
    const expire = () =>
      this.#controller.abort(guestToolsLost(`the guest tools ${what}: no request for ${seconds} s`));
    return setTimeout(expire, seconds * 1000);
  }
}

function endedWithoutResult(end: VirtualMachineEnd): AppError {
  if (end.reason === "powered-off")
    return guestToolsLost("the guest powered off before it reported a result");
  if (end.reason === "stopped")
    return guestToolsLost("the virtual machine was stopped before it reported a result");
  return new AppError({
    code: "qemu-failed",
    message: `QEMU ${end.cause} before the guest reported a result`,
    advice: "See the last lines of QEMU and of the guest below.",
    details: end.lastLines,
  });
}

function guestToolsLost(message: string): AppError {
  return new AppError({
    code: "guest-tools-lost",
    message,
    advice:
      "See the guest's last lines below: do the guest tools start at boot, and does the guest get an address?",
  });
}
