import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { RunPlan } from "../../shared/contracts/plan.ts";
import type { AppError } from "../../shared/errors/errors.ts";
import type { TaskOutcome } from "../../shared/guest/task-outcome.ts";
import type { OnNote } from "../../shared/session/note.ts";
import { type RunEvent, runTitle } from "../../shared/session/run.ts";
import { withoutKvmIfItFails } from "../accelerator/kvm-fallback.ts";
import { aborted, causeOfFailure, timeLimit } from "../async/abort.ts";
import { beforeForcedStop, stoppedByForce } from "../async/process-end.ts";
import { guestGrowth, requireSpace } from "../files/free-space.ts";
import { LogFile } from "../files/logs/log-file.ts";
import { requireRegularFile } from "../files/regular-file.ts";
import { archivedDiskData } from "../image/archive/archived-disk.ts";
import { extractArchive } from "../image/archive/extract-archive.ts";
import { readMachineFile } from "../image/read-machine.ts";
import { endedEarly } from "../qemu/process/vm-end.ts";
import { openServedSession, type ServedSession } from "../session/serve/served-session.ts";
import { withLastOutput } from "../session-record/last-output.ts";
import { createReport, type Report } from "../session-record/report.ts";
import { logQuotas } from "../session-record/session-log-quota.ts";
import { requireTrusted } from "../storage/known-images.ts";
import type { Paths } from "../storage/paths.ts";
import { startGuestClock } from "../time/guest-clock.ts";
import { launch } from "./launch-vm.ts";
import { SilenceAlarm } from "./silence-alarm.ts";
import { waitAfterResult } from "./wait-until-unused.ts";

export interface RunContext {
  readonly paths: Paths;
  readonly signal: AbortSignal;
  readonly onEvent: (event: RunEvent) => void;
  /** Takes the task's log as it comes; while it has not settled, the guest waits. */
  readonly onLog: (bytes: Uint8Array) => void | Promise<void>;
}

/**
 * Boots an image in which guest tools start, lets them run a command, and ends the guest after its result: once the
 * shells and actions that others have under way by then have ended too.
 *
 * @returns the outcome that the guest reports.
 * @throws AppError `guest-tools-lost` without one, `timed-out`, or an error of the host, each with the guest's last
 *   lines and the place of the session's logs; the signal's reason when it aborts before the result.
 */
export async function runTask(plan: RunPlan, context: RunContext): Promise<TaskOutcome> {
  const archive = requireRegularFile(plan.archive, {
    advice: "Give the path of the image to run; tinsmith rebuild makes one.",
  });
  const disk = await archivedDiskData(archive);
  await requireSpace("the run", [{ folder: context.paths.sessions, bytes: disk + guestGrowth }]);
  const what = { title: runTitle(archive), kind: "run", image: archive } as const;
  await using session = await openServedSession(context.paths, what);
  const report = createReport<RunEvent>(session.record, context.onEvent);
  const { task, keepAlive, timeout, memory } = plan;
  const described = { ...what, task, keepAlive, timeout, memory };
  report({ type: "run-started", session: session.id, folder: session.paths.folder, ...described });
  for (const note of session.cleared) report({ type: "note", ...note });
  const fail = (thrown: unknown): AppError => {
    const error = withLastOutput(causeOfFailure(thrown, context.signal), session.paths);
    report({ type: "run-failed", error: error.toJSON() });
    return error;
  };
  try {
    using _lastAct = beforeForcedStop("the run", () => fail(stoppedByForce()));
    const image = join(session.paths.working, "image");
    const note: OnNote = (text, about) => report({ type: "note", text, about });
    const outcome = await withoutKvmIfItFails(context.paths, note, async (onNote) => {
      rmSync(image, { recursive: true, force: true });
      mkdirSync(image);
      const { digest } = await extractArchive({
        archive,
        folder: image,
        signal: context.signal,
        onNote,
      });
      const warning = requireTrusted(context.paths, archive, digest, plan.trusted);
      if (warning) onNote(warning);
      return await watchTask(plan, context, { session, image, onNote, report });
    });
    report({ type: "run-finished", ...outcome });
    return outcome;
  } catch (thrown) {
    throw fail(thrown);
  }
}

interface Run {
  readonly session: ServedSession;
  /** The folder of the extracted image. */
  readonly image: string;
  readonly onNote: OnNote;
  readonly report: Report<RunEvent>;
}

async function watchTask(plan: RunPlan, context: RunContext, run: Run): Promise<TaskOutcome> {
  const { session, image, onNote, report } = run;
  const clock = startGuestClock();
  let haveToolsStarted = false;
  using limit = timeLimit(plan.timeout, (seconds) => describeTimeout(seconds, haveToolsStarted), clock);
  using silence = new SilenceAlarm(
    () => {
      haveToolsStarted = true;
      report({ type: "guest-tools-started" });
    },
    "See the guest's last lines: do the guest tools start at boot, and does the guest get an address?",
    clock,
  );
  const result = Promise.withResolvers<TaskOutcome>();
  await using cleanup = new AsyncDisposableStack();
  const taskLog = cleanup.use(await LogFile.create(session.taskLog, { onNote, quota: logQuotas.task }));
  const vm = cleanup.use(
    await launch({
      ...plan,
      paths: context.paths,
      session,
      machine: readMachineFile(join(image, "machine.json")),
      disk: { layer: join(image, "layer.qcow2"), backing: join(image, "disk.img") },
      onLog: async (bytes) => void (await Promise.all([taskLog.write(bytes), context.onLog(bytes)])),
      onLogEnd: () => taskLog.flush(),
      onResult: result.resolve,
      onActivity: () => silence.postpone(),
      clock,
      onPauseChange: (text) => report({ type: "note", text }),
      onReset: () => silence.awaitBoot(),
      onNote,
    }),
  );
  const interrupted = aborted(AbortSignal.any([context.signal, limit.signal, silence.signal]));
  const lost = vm.ended.then((end) =>
    Promise.reject(
      endedEarly(end, {
        unfinished: "before it reported a result",
        guestCode: "guest-tools-lost",
      }),
    ),
  );
  const outcome = await Promise.race([result.promise, lost, interrupted]).catch(async (error) => {
    if (!context.signal.aborted) await vm.screenshot();
    throw error;
  });
  report({ type: "task-result", ...outcome });
  const over = Promise.race([vm.ended, aborted(context.signal).catch(() => {})]);
  await waitAfterResult({ keepAlive: plan.keepAlive, guest: session.guest, over, onNote });
  return outcome;
}

/** The error for a run whose time is up, by its progress: the boot takes a part of that time. */
export function describeTimeout(seconds: number, haveToolsStarted: boolean): string {
  return haveToolsStarted
    ? `the task had not ended within the run's time-out of ${seconds} s, which includes the boot`
    : `the guest tools had not started within the run's time-out of ${seconds} s, which includes the boot`;
}
