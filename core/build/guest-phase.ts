import { join } from "node:path";
import { AppError } from "../../shared/errors.ts";
import type { AutopilotStep } from "../../shared/recipe.ts";
import { aborted, timeLimit } from "../abort.ts";
import { LineSplitter } from "../files/lines.ts";
import { LogFile } from "../files/log-file.ts";
import type { Paths } from "../paths.ts";
import type { CdRoms } from "../qemu/args.ts";
import { endedEarly, type VirtualMachineEnd } from "../qemu/vm-end.ts";
import { startGuestClock } from "../run/guest-clock.ts";
import { launch } from "../run/launch.ts";
import { readMachineFile } from "../run/machine-file.ts";
import type { HostOptions } from "../run/vm-command.ts";
import type { ServedSession } from "../session/served-session.ts";
import { runAutopilot } from "./autopilot.ts";
import { type BuildReport, performStep } from "./build-step.ts";
import type { KeepGuest } from "./kept-guest.ts";

/** How the guest runs while an image is built, and what of it counts as success. */
export interface GuestOptions extends HostOptions {
  /** Done on the serial console; all of it has to come to its end. */
  readonly install?: readonly AutopilotStep[] | undefined;
  /** A line of the guest's log with this text has to come. */
  readonly done?: string | undefined;
  /** Seconds until the build is given up. */
  readonly timeout?: number | undefined;
}

interface GuestContext {
  readonly paths: Paths;
  readonly session: ServedSession;
  /** The folder of the working image. */
  readonly image: string;
  readonly cdRoms: CdRoms;
  readonly report: BuildReport;
  /** Takes what the person should know about how the guest runs on this host. */
  readonly onNote: (text: string) => void;
  /** Called when the guest has failed, before it is ended or given up. */
  readonly keepGuest?: KeepGuest;
  readonly signal: AbortSignal;
}

const oldImageStays = "The old image, if there was one, is as it was.";

/**
 * Runs the guest on the working image until it powers off, having done what it was to do.
 *
 * @returns milliseconds from QEMU's start to the power-off.
 * @throws AppError `build-failed` when the guest ends otherwise, `qemu-failed` when QEMU does, `timed-out`; the signal's reason when it aborts.
 */
export async function runGuest(options: GuestOptions, context: GuestContext): Promise<number> {
  const { report } = context;
  let installed = false;
  let saidDone = false;
  const lines = new LineSplitter((text) => {
    report({ type: "guest-log", text });
    if (options.done && text.includes(options.done)) saidDone = true;
  });
  const started = performance.now();
  const end = await watchGuest(options, context, lines, () => {
    installed = true;
  });
  const milliseconds = performance.now() - started;
  lines.end();

  if (end.reason !== "powered-off")
    throw endedEarly(end, {
      unfinished: "before the guest powered off",
      guestCode: "build-failed",
      advice: oldImageStays,
    });
  const missing = !installed
    ? "the guest powered off before the install steps were done"
    : options.done && !saidDone
      ? `the guest powered off, but its log has no line with ${JSON.stringify(options.done)}`
      : undefined;
  if (missing === undefined) return milliseconds;
  const error = failure(missing);
  await context.keepGuest?.(error, { bootAgain: () => bootAgain(options, context) });
  throw error;
}

/** Starts a guest that is off once more, without its CDs, so that a person can look at what is on its disk. */
async function bootAgain(
  options: GuestOptions,
  { paths, session, image, onNote }: GuestContext,
): Promise<{ readonly ended: Promise<unknown> } & AsyncDisposable> {
  await using cleanup = new AsyncDisposableStack();
  const taskLog = cleanup.use(await LogFile.create(session.taskLog, onNote));
  const vm = cleanup.use(
    await launch({
      ...options,
      paths,
      session,
      machine: readMachineFile(join(image, "machine.json")),
      disk: { path: join(image, "disk.img") },
      onLog: (bytes) => taskLog.write(bytes),
      onLogEnd: () => taskLog.flush(),
      onActivity: () => {},
      onStandstill: (_stands, text) => onNote(text),
      onNote,
    }),
  );
  const owned = cleanup.move();
  return { ended: vm.ended, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

async function watchGuest(
  options: GuestOptions,
  { paths, session, image, cdRoms, report, onNote, keepGuest, signal }: GuestContext,
  lines: LineSplitter,
  onInstalled: () => void,
): Promise<VirtualMachineEnd> {
  await using cleanup = new AsyncDisposableStack();
  const clock = startGuestClock();
  using limit = timeLimit(options.timeout, "the guest", clock);
  const interrupted = aborted(AbortSignal.any([signal, limit.signal]));
  const alive = Promise.withResolvers<void>();
  const taskLog = cleanup.use(await LogFile.create(session.taskLog, onNote));

  const over = await performStep(report, "boot", async () => {
    const vm = cleanup.use(
      await launch({
        ...options,
        paths,
        session,
        machine: readMachineFile(join(image, "machine.json")),
        disk: { path: join(image, "disk.img") },
        cdRoms,
        onLog: (bytes) => {
          lines.push(bytes);
          return taskLog.write(bytes);
        },
        onLogEnd: () => taskLog.flush(),
        onActivity: alive.resolve,
        onStandstill: (stands, text) => {
          report({ type: "note", text });
          clock.suspend(stands);
        },
        onNote,
      }),
    );
    const stopInstall = new AbortController();
    cleanup.defer(() => stopInstall.abort());
    const install = runAutopilot(vm.serial, options.install ?? [], {
      signal: stopInstall.signal,
      clock,
      onMatch: () => {
        vm.signOfLife();
        alive.resolve();
      },
    });
    const failedInstall = install.then(onInstalled).then(() => vm.ended);
    failedInstall.catch(() => {});
    const over = Promise.race([vm.ended, interrupted, failedInstall]).catch(async (error) => {
      if (!signal.aborted) await vm.screenshot();
      await keepGuest?.(error, vm);
      throw error;
    });
    await Promise.race([alive.promise, over]);
    // Wrapped, or awaiting this step would await the guest's end.
    return { promise: over };
  });
  return await performStep(report, "guest", () => over.promise);
}

function failure(message: string): AppError {
  return new AppError({
    code: "build-failed",
    message,
    advice: `See the guest's last lines. ${oldImageStays}`,
  });
}
