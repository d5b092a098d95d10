import { mkdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { toAppError } from "../../shared/errors.ts";
import type { Task, TaskResult } from "../../shared/guest-protocol.ts";
import { type RunEvent, runTitle } from "../../shared/run.ts";
import { aborted, timeLimit } from "../abort.ts";
import { requireFile } from "../files/files.ts";
import { guestGrowth, requireSpace } from "../files/free-space.ts";
import { LogFile } from "../files/log-file.ts";
import { archivedDiskData } from "../image/archived-disk.ts";
import { extractArchive } from "../image/extract-archive.ts";
import type { Paths } from "../paths.ts";
import { endedEarly } from "../qemu/vm-end.ts";
import { createReport, type Report } from "../session/events.ts";
import { withEvidence } from "../session/evidence.ts";
import { openServedSession, type ServedSession } from "../session/served-session.ts";
import { waitAfterResult } from "./after-result.ts";
import { startGuestClock } from "./guest-clock.ts";
import { warnOfStranger } from "./known-images.ts";
import { withoutKvmIfItFails } from "./kvm-fallback.ts";
import { launch } from "./launch.ts";
import { readMachineFile } from "./machine-file.ts";
import { SilenceAlarm } from "./silence-alarm.ts";
import type { HostOptions } from "./vm-command.ts";

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

/**
 * Boots an image in which guest tools start, lets them run a command, and ends the guest after its result: once the
 * shells and actions that others have under way by then have ended too.
 *
 * @returns the result that the guest reported.
 * @throws AppError `guest-tools-lost` without one, `timed-out`, or what went wrong on the host, each with the
 *   guest's last lines and where the session's logs are; the signal's reason when it aborts before the result.
 */
export async function runTask(plan: RunPlan, context: RunContext): Promise<TaskResult> {
  const archive = requireFile(resolve(plan.archive), "It is the image to run: tinsmith rebuild makes one.");
  const disk = await archivedDiskData(archive);
  await requireSpace("the run", [{ folder: context.paths.sessions, bytes: disk + guestGrowth }]);
  const what = { title: runTitle(archive), kind: "run", image: archive } as const;
  await using session = await openServedSession(context.paths, what);
  const report = createReport<RunEvent>(session.record, context.onEvent);
  const { task, keepAlive, timeout, memory } = plan;
  const described = { ...what, task, keepAlive, timeout, memory };
  report({ type: "run-started", session: session.id, folder: session.paths.folder, ...described });
  for (const text of session.cleared) report({ type: "note", text });
  try {
    const image = join(session.paths.working, "image");
    const note = (text: string) => report({ type: "note", text });
    const result = await withoutKvmIfItFails(context.paths, note, async (onNote) => {
      rmSync(image, { recursive: true, force: true });
      mkdirSync(image);
      const { digest } = await extractArchive({ archive, folder: image, signal: context.signal });
      const warning = warnOfStranger(context.paths, archive, digest);
      if (warning) onNote(warning);
      return await watchTask(plan, context, { session, image, onNote, report });
    });
    report({ type: "run-finished", result });
    return result;
  } catch (thrown) {
    const error = withEvidence(toAppError(thrown), session.paths);
    report({ type: "run-failed", error: error.toJSON() });
    throw error;
  }
}

interface Run {
  readonly session: ServedSession;
  /** The folder of the extracted image. */
  readonly image: string;
  readonly onNote: (text: string) => void;
  readonly report: Report<RunEvent>;
}

async function watchTask(plan: RunPlan, context: RunContext, run: Run): Promise<TaskResult> {
  const { session, image, onNote, report } = run;
  const clock = startGuestClock();
  using limit = timeLimit(plan.timeout, "the task", clock);
  using silence = new SilenceAlarm(() => report({ type: "guest-tools-started" }));
  const result = Promise.withResolvers<TaskResult>();
  await using cleanup = new AsyncDisposableStack();
  const taskLog = cleanup.use(await LogFile.create(session.taskLog, onNote));
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
      onStandstill: (stands, text) => {
        report({ type: "note", text });
        clock.suspend(stands);
        silence.suspend(stands);
      },
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
  report({ type: "task-result", result: outcome });
  const over = Promise.race([vm.ended, aborted(context.signal).catch(() => {})]);
  await waitAfterResult({ keepAlive: plan.keepAlive, guest: session.guest, over, onNote });
  return outcome;
}
