import { join } from "node:path";
import { toAppError } from "../../shared/errors/errors.ts";
import type { InstallStep } from "../../shared/recipe/install-step.ts";
import type { OnNote } from "../../shared/session/note.ts";
import { aborted, timeLimit } from "../async/abort.ts";
import type { Rewindable } from "../async/rewindable.ts";
import type { Autopilot } from "../autopilot/autopilot.ts";
import type { InstallScript } from "../autopilot/install-script.ts";
import { LineSplitter } from "../files/logs/line-splitter.ts";
import { LogFile } from "../files/logs/log-file.ts";
import { readMachineFile } from "../image/read-machine.ts";
import { createFailedLineSearch } from "../process/failed-line.ts";
import type { CdRoms } from "../qemu/arguments/qemu-arguments.ts";
import { endedEarly, type VirtualMachineEnd } from "../qemu/process/vm-end.ts";
import { type LaunchedMachine, launch } from "../runner/launch-vm.ts";
import type { ServedSession } from "../session/serve/served-session.ts";
import { logQuotas } from "../session-record/session-log-quota.ts";
import { untilCdIsRead } from "../states/cd-reads.ts";
import { restoreLimit } from "../states/restore-attempt.ts";
import { StateFailure } from "../states/state-failure.ts";
import type { SavedState } from "../states/state-store.ts";
import type { Paths } from "../storage/paths.ts";
import { startGuestClock } from "../time/guest-clock.ts";
import type { HostOptions } from "../vm/vm-command.ts";
import { type BuildReport, performStep } from "./build-step.ts";
import type { HandRecording } from "./by-hand/record-installation.ts";
import type { KeepGuest } from "./failed-guest.ts";
import { type BootedGuest, dropBootedGuest, saveBootedGuest } from "./retry/booted-guest.ts";
import { notDone, oldImageStays, UnfinishedGuest, unfinished } from "./unfinished-guest.ts";
import type { WorkingDisk } from "./working-disk.ts";

/** The settings of the guest while an image is built, and the conditions of success. */
export interface GuestOptions extends HostOptions {
  /** Done on the guest's consoles; all of it has to come to its end. */
  readonly install?: InstallScript | undefined;
  /** Writes an install step that a person has changed into the recipe. @throws as `InstallControl.change` */
  readonly saveStep?: ((index: number, before: InstallStep, step: InstallStep) => Promise<void>) | undefined;
  /** A line of the guest's log with this text has to come. */
  readonly done?: string | undefined;
  /** Seconds until the build fails. */
  readonly timeout?: number | undefined;
}

interface GuestContext {
  readonly paths: Paths;
  readonly session: ServedSession;
  readonly disk: WorkingDisk;
  /** The CDs with which the guest boots. */
  readonly cdRoms?: CdRoms;
  readonly report: BuildReport;
  /** Records what a person does in the guest. */
  readonly hand?: HandRecording | undefined;
  /** The saved state that the guest continues from; without it, it boots. */
  readonly restored?: RestoredGuest | undefined;
  /** The guest that a failed build has kept, and that continues. */
  readonly booted?: BootedGuest | undefined;
  /** Takes notes for the person about how the guest runs on this host. */
  readonly onNote: OnNote;
  /** Called when the guest has failed, before it is ended. */
  readonly keepGuest?: KeepGuest;
  readonly signal: AbortSignal;
}

/** A guest that continues from a saved state, in which it waits for its data CD. The disk's layer is that of the state. */
interface RestoredGuest {
  readonly stored: SavedState;
  /** The path of the ISO of its data CD, which is being made. */
  readonly dataCd: Promise<string>;
  /** Writes the time into that ISO, as soon as it is made. @returns its path */
  readonly insert: () => Promise<string>;
}

/**
 * Runs the guest on the working image until it powers off, having done its work.
 *
 * @returns milliseconds from QEMU's start to the power-off; of a restored guest, from its continuation.
 * @throws AppError `build-failed` when the guest ends otherwise, `qemu-failed` when QEMU does, `timed-out`; the
 *   signal's reason when it aborts.
 */
export async function runGuest(options: GuestOptions, context: GuestContext): Promise<number> {
  const { report } = context;
  let installed = options.install === undefined;
  let saidDone = false;
  const failedLine = createFailedLineSearch();
  const lines = new LineSplitter((text) => {
    report({ type: "guest-log", text });
    failedLine.add(text);
    if (options.done && text.includes(options.done)) saidDone = true;
  });
  const judgement: Rewindable = {
    remember: async () => {
      const before = { installed, saidDone };
      const restoreFailedLine = await failedLine.remember();
      return async () => {
        lines.end();
        ({ installed, saidDone } = before);
        await restoreFailedLine();
      };
    },
  };
  const judge = (end: VirtualMachineEnd) => {
    lines.end();
    if (end.reason !== "powered-off")
      throw endedEarly(end, {
        unfinished: "before the guest powered off",
        guestCode: "build-failed",
        advice: oldImageStays,
      });
    if (!installed) throw unfinished("the guest powered off before the install steps were done");
    if (options.done && !saidDone) throw notDone(options.done, failedLine.found());
  };
  try {
    const milliseconds = await watchGuest(options, context, {
      onLog: (bytes) => lines.push(bytes),
      onInstalled: () => {
        installed = true;
      },
      judge,
      judgement,
    });
    const { disk, session } = context;
    if ("layer" in disk.disk) await dropBootedGuest(session.paths.working, disk.disk.layer);
    return milliseconds;
  } catch (error) {
    if (error instanceof UnfinishedGuest)
      await context.keepGuest?.(error, { bootAgain: () => bootAgain(options, context) });
    throw error;
  }
}

/** The machine and the disk that a guest boots from. */
function bootedParts({ folder, disk }: WorkingDisk) {
  return { machine: readMachineFile(join(folder, "machine.json")), disk };
}

/** Starts a guest that is off once more, without its CDs, so that a person can examine its disk. */
async function bootAgain(
  options: GuestOptions,
  { paths, session, disk, onNote }: GuestContext,
): Promise<{ readonly ended: Promise<unknown> } & AsyncDisposable> {
  await using cleanup = new AsyncDisposableStack();
  const taskLog = cleanup.use(await LogFile.create(session.taskLog, { onNote, quota: logQuotas.task }));
  const vm = cleanup.use(
    await launch({
      ...options,
      paths,
      session,
      ...bootedParts(disk),
      secrets: options.install?.values.secrets,
      onLog: (bytes) => taskLog.write(bytes),
      onLogEnd: () => taskLog.flush(),
      onActivity: () => {},
      clock: startGuestClock(),
      onPauseChange: onNote,
      onNote,
    }),
  );
  const owned = cleanup.move();
  return { ended: vm.ended, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

interface GuestWatch {
  readonly onLog: (bytes: Uint8Array) => void;
  /** Called when the install steps were done. */
  readonly onInstalled: () => void;
  /** Called once all is there that the guest has said. @throws AppError when that end is a failure */
  readonly judge: (end: VirtualMachineEnd) => void;
  /** The part of the judgement that is known so far: it goes back to a checkpoint with the guest. */
  readonly judgement: Rewindable;
}

/** Boots or restores the guest and waits for its end. A step in which it fails is not reported as finished. @returns milliseconds */
async function watchGuest(
  options: GuestOptions,
  { paths, session, disk, restored, booted, cdRoms, hand, report, onNote, keepGuest, signal }: GuestContext,
  { onLog, onInstalled, judge, judgement }: GuestWatch,
): Promise<number> {
  await using cleanup = new AsyncDisposableStack();
  // Its terminal takes a moment to load, in which a guest that has started would print.
  const { createAutopilot } = await import("../autopilot/autopilot.ts");
  let autopilot: Autopilot | undefined;
  const clock = startGuestClock();
  const alive = Promise.withResolvers<void>();
  let onSign = () => {};
  const taskLog = cleanup.use(await LogFile.create(session.taskLog, { onNote, quota: logQuotas.task }));
  const { working } = session.paths;
  if (booted) onNote("The guest continues from where it had booted in the failed build.");
  const start = async () =>
    cleanup.use(
      await launch({
        ...options,
        paths,
        session,
        ...bootedParts(disk),
        ...(restored ? { savedState: restored.stored.memory, insert: restored.insert } : { cdRoms }),
        moment: booted?.moment,
        secrets: options.install?.values.secrets,
        onLog: (bytes) => {
          onLog(bytes);
          return taskLog.write(bytes);
        },
        onLogEnd: () => taskLog.flush(),
        onActivity: () => {
          onSign();
          alive.resolve();
        },
        clock,
        view: [
          judgement,
          { remember: async () => (await autopilot?.remember()) ?? (() => {}) },
          ...(hand ? [hand.view] : []),
        ],
        onInput: hand?.onInput,
        onWentBack: (mark) => void taskLog.write(Buffer.from(`\n${mark}\n`)).catch(() => {}),
        onPauseChange: (text) => report({ type: "note", text }),
        onNote,
      }),
    );
  // QEMU loads the state while the data CD is being made. The guest continues with it: its step and its time begin then.
  const starting = restored && start();
  if (restored) await Promise.race([restored.dataCd.catch(() => starting), starting]);
  const started = performance.now();
  using limit = timeLimit(
    options.timeout,
    (seconds) => `the guest took longer than its time-out of ${seconds} s`,
    clock,
  );
  using hang = restoreLimit(restored?.stored, clock);
  const interrupted = aborted(AbortSignal.any([signal, limit.signal, hang.signal]));
  const install = (vm: LaunchedMachine, script: InstallScript): Promise<never> => {
    const stop = new AbortController();
    autopilot = createAutopilot(vm, script, {
      signal: stop.signal,
      clock,
      report,
      shown: booted?.shown,
      keepsFailed: session.keepFailed.isWanted,
      save: async (...change) => await options.saveStep?.(...change),
      onMatch: () => {
        vm.signOfLife();
        alive.resolve();
      },
      onDone: onInstalled,
      // It serves only a retry.
      beforeTyping: async (shown) => {
        if (booted) return;
        await saveBootedGuest(working, vm, shown).catch((error) =>
          onNote(`A retry of this build will have to boot the guest: ${toAppError(error).message}.`),
        );
      },
    });
    cleanup.use(autopilot);
    cleanup.use(session.install.provide(autopilot.control));
    cleanup.defer(() => stop.abort());
    return autopilot.run();
  };
  let hasContinued = !restored;
  onSign = () => {
    hasContinued = true;
    hang[Symbol.dispose]();
  };

  const over = await performStep(report, restored || booted ? "restore" : "boot", async () => {
    const vm = await (starting ?? start());
    if (hand) cleanup.use(hand.attach(vm, clock));
    // Its setup may be silent for a long time.
    if (restored) void untilCdIsRead(vm.qmp).then(onSign, () => {});
    const failedInstall = options.install ? install(vm, options.install) : new Promise<never>(() => {});
    failedInstall.catch(() => {});
    const ended = vm.ended.then((end) => (hasContinued ? end : Promise.reject(endedUnrestored(end))));
    const over = Promise.race([ended, interrupted, failedInstall])
      .catch(async (error) => {
        if (!signal.aborted) await vm.screenshot();
        if (error instanceof StateFailure) throw error;
        await keepGuest?.(error, vm);
        throw error;
      })
      .then(async (end) => {
        // The guest's last output may still be on its way.
        await cleanup.disposeAsync();
        judge(end);
        autopilot?.guestIsOff();
      });
    await Promise.race([alive.promise, over]);
    // Wrapped, or awaiting this step would await the guest's end.
    return { promise: over };
  });
  await performStep(report, "guest", () => over.promise);
  return performance.now() - started;
}

function endedUnrestored(end: VirtualMachineEnd): StateFailure {
  return new StateFailure(
    endedEarly(end, { unfinished: "before it read the data CD", guestCode: "build-failed" }),
  );
}
