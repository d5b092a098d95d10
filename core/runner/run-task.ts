import { rmSync } from "node:fs";
import type { RunPlan } from "../../shared/contracts/plan.ts";
import { isCancellation } from "../../shared/errors/error-data.ts";
import type { AppError } from "../../shared/errors/errors.ts";
import type { FindingEvent } from "../../shared/guest/finding.ts";
import type { TaskOutcome } from "../../shared/guest/task-outcome.ts";
import type { OnNote } from "../../shared/session/note.ts";
import { type RunEvent, runTitle } from "../../shared/session/run.ts";
import { fastLabel } from "../../shared/watch/round-words.ts";
import { withoutKvmIfItFails } from "../accelerator/kvm-fallback.ts";
import { aborted, causeOfFailure } from "../async/abort.ts";
import { beforeForcedStop, stoppedByForce } from "../async/process-end.ts";
import { requireSpaceBesideCache } from "../cache/require-space.ts";
import { guestGrowth } from "../files/free-space.ts";
import { LogFile } from "../files/logs/log-file.ts";
import { requireRegularFile } from "../files/regular-file.ts";
import { requireNewFile } from "../files/writing/new-target.ts";
import { spaceToOpen } from "../image/archive/open-image.ts";
import { createTaskGate, type TaskGate } from "../metaservice/endpoints/task-gate.ts";
import { endedEarly } from "../qemu/process/vm-end.ts";
import { openServedSession, type ServedSession, type SessionPart } from "../session/serve/served-session.ts";
import { withLastOutput } from "../session-record/last-output.ts";
import { createReport, type Report } from "../session-record/report.ts";
import { logQuotas } from "../session-record/session-log-quota.ts";
import { restoreLimit, withoutStateIfItFails } from "../states/restore-attempt.ts";
import { StateFailure } from "../states/state-failure.ts";
import { discardState } from "../states/state-store.ts";
import type { Paths } from "../storage/paths.ts";
import { startGuestClock } from "../time/guest-clock.ts";
import type { BootCheckpoint } from "./boot-checkpoint.ts";
import { launch } from "./launch-vm.ts";
import { keepFrom, type PreparedImage, prepareImage } from "./prepare-image.ts";
import { type NewTools, replaceTools } from "./replace-tools.ts";
import { rulesOptions } from "./rules-options.ts";
import { countUse, type RunAttendant } from "./run-attendant.ts";
import { noteLateStart } from "./silence-alarm.ts";
import { watchTask } from "./task-watch.ts";
import { waitAfterResult } from "./wait-until-unused.ts";
import { warmthOf } from "./warm-run.ts";

export interface RunContext {
  readonly paths: Paths;
  readonly signal: AbortSignal;
  readonly onEvent: (event: RunEvent) => void;
  readonly onFinding?: ((finding: FindingEvent) => void) | undefined;
  /** Takes the task's log as it comes; while it has not settled, the guest waits. */
  readonly onLog: (bytes: Uint8Array) => void | Promise<void>;
  /** Called with the address on which a MetaService without a virtual machine listens. */
  readonly onListening?: ((address: string) => void) | undefined;
  /** The run starts at this checkpoint, which it saves if that was not done before. For runs of images. */
  readonly checkpoint?: BootCheckpoint | undefined;
  /**
   * The guest tools that get the task, in place of those of the image; the rules apply, and the attendant takes part, from
   * then on. A saved state that can't be restored fails the run with a `StateFailure`.
   */
  readonly newTools?: NewTools | undefined;
  /** The part of a watch that the run is. */
  readonly part?: SessionPart | undefined;
  /** Takes part in the run. */
  readonly attendant?: RunAttendant | undefined;
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
  if (plan.pcap !== undefined) requireNewFile(plan.pcap);
  const { attendant, paths, newTools } = context;
  const { archive, checkpoint } = plan;
  // The image of a kept checkpoint is in the cache, also if its archive was replaced.
  const toOpen = checkpoint === undefined ? await spaceForImage(plan, context) : 0;
  const bytes = toOpen + guestGrowth;
  await requireSpaceBesideCache(paths, "the run", [{ folder: paths.sessions, bytes }]);
  const title = `${attendant?.title ?? runTitle(archive)}${newTools ? ` (${fastLabel})` : ""}`;
  const what = { title, kind: "run", image: archive } as const;
  await using session = await openServedSession(context.paths, what, {
    ...rulesOptions(plan.rules),
    onFinding: context.onFinding,
    part: context.part,
  });
  const report = createReport<RunEvent>(session.record, context.onEvent);
  const { task, keepAlive, timeout, memory, forward, pcap } = plan;
  const described = {
    ...what,
    scenario: attendant?.scenario,
    task,
    keepAlive,
    timeout,
    memory,
    forward,
    pcap,
    ...(plan.warm === "never" && plan.checkpoint === undefined && { boots: true }),
  };
  report({ type: "run-started", session: session.id, folder: session.paths.folder, ...described });
  for (const note of session.cleared) report({ type: "note", ...note });
  const fail = (thrown: unknown): AppError => {
    const error = withLastOutput(causeOfFailure(thrown, context.signal), session.paths);
    report({ type: "run-failed", error: error.toJSON(), ...countUse(session, attendant) });
    return error;
  };
  try {
    using _lastAct = beforeForcedStop("the run", () => fail(stoppedByForce()));
    if (plan.rules && !newTools) session.rules.rules.add(plan.rules.rules);
    const told = new Set<string>();
    const note: OnNote = (text, about) => {
      // The VM whose state is saved has the same accelerator as the one that continues from it.
      if (about === "accelerator" && told.has(text)) return;
      told.add(text);
      report({ type: "note", text, about });
    };
    let tries = 0;
    const warmth = warmthOf(plan, attendant !== undefined, note);
    const outcome = await withoutKvmIfItFails(context.paths, note, async (onNote) => {
      if (tries++ > 0) discardFirstTry(plan, context);
      return await withoutStateIfItFails(onNote, async (isWarm, cleanup) => {
        const chosen = isWarm ? warmth : "never";
        const image = await prepareImage(plan, { ...context, session, onNote, cleanup, warmth: chosen });
        const { stored } = image;
        const discard = stored && ((reason: string) => discardState(context.paths, stored, reason));
        return { discard, result: watchRun(plan, context, { session, image, onNote, report }) };
      });
    });
    await attendant?.check(session, outcome);
    report({ type: "run-finished", ...outcome, ...countUse(session, attendant) });
    return outcome;
  } catch (thrown) {
    const cause = causeOfFailure(thrown, context.signal);
    if (!isCancellation(cause)) await attendant?.check(session, cause);
    throw fail(cause);
  }
}

/** Bytes that opening the run's image takes on the disk. */
async function spaceForImage(plan: RunPlan, { paths, signal }: RunContext): Promise<number> {
  const advice = "Give the path of the image to run; tinsmith rebuild makes one.";
  return await spaceToOpen(paths, requireRegularFile(plan.archive, { advice }), signal);
}

/** Removes what a try with KVM has left: it is of no use without KVM. */
function discardFirstTry({ pcap }: RunPlan, { checkpoint }: RunContext): void {
  if (pcap !== undefined) rmSync(pcap, { force: true });
  if (checkpoint) checkpoint.isSaved = false;
}

interface Run {
  readonly session: ServedSession;
  readonly image: PreparedImage;
  readonly onNote: OnNote;
  readonly report: Report<RunEvent>;
}

async function watchRun(plan: RunPlan, context: RunContext, run: Run): Promise<TaskOutcome> {
  const { session, image, onNote, report } = run;
  const { attendant, newTools } = context;
  const clock = startGuestClock();
  const taskGate = newTools && createTaskGate();
  let haveToolsStarted = false;
  const from = image.stored ?? image.moment;
  if (from) report({ type: "state-restored", saved: from.saved, checkpoint: plan.checkpoint });
  const restored = image.stored ?? newTools?.state;
  using hang = restoreLimit(restored, clock);
  using late = noteLateStart(clock, session.paths.serialLog, onNote);
  using task = watchTask({
    timeout: plan.timeout,
    clock,
    onToolsStarted: () => {
      haveToolsStarted = true;
      hang[Symbol.dispose]();
      late[Symbol.dispose]();
      report({ type: "guest-tools-started" });
      if (!newTools) attendant?.onGuestTools(session, clock);
    },
  });
  await using cleanup = new AsyncDisposableStack();
  const taskLog = cleanup.use(await LogFile.create(session.taskLog, { onNote, quota: logQuotas.task }));
  const vm = cleanup.use(
    await launch({
      ...plan,
      paths: context.paths,
      taskGate,
      session,
      ...image,
      keep: keepFrom(plan, image.digest, { ...context, session, onNote }),
      // A scenario's actions and exchanges are its own.
      setsClock: attendant === undefined,
      onLog: async (bytes) => {
        attendant?.onLog(bytes);
        await Promise.all([taskLog.write(bytes), context.onLog(bytes)]);
      },
      onLogEnd: () => taskLog.flush(),
      onResult: task.onResult,
      onActivity: task.onActivity,
      clock,
      onPauseChange: (text) => report({ type: "note", text }),
      onReset: task.onReset,
      view: [task],
      onWentBack: (mark) => void taskLog.write(Buffer.from(`\n${mark}\n`)).catch(() => {}),
      onNote,
    }),
  );
  const resolved = image.moment?.progress?.resolved;
  if (resolved !== undefined) task.onResult({ result: resolved });
  const interrupted = aborted(AbortSignal.any([context.signal, hang.signal]));
  const lost = vm.ended.then((end) =>
    Promise.reject(
      endedEarly(end, {
        unfinished: "before it reported a result",
        guestCode: "guest-tools-lost",
      }),
    ),
  );
  lost.catch(() => {});
  const replace = async (gate: TaskGate, given: NewTools) => {
    onNote("The guest tools get no task before they are replaced.");
    const programs = await given.programs;
    const onRestart = () => void (plan.rules && session.rules.rules.add(plan.rules.rules));
    const options = { gate, signal: context.signal, onRestart };
    await session.machine.use((machine) =>
      session.guest.use((actions) => replaceTools(actions, programs, { ...options, machine })),
    );
    report({ type: "guest-tools-replaced" });
    attendant?.onGuestTools(session, clock);
    gate.open();
  };
  const replaced = taskGate && newTools ? replace(taskGate, newTools) : Promise.resolve();
  const over = Promise.race([vm.ended, interrupted.catch(() => {})]);
  for (;;) {
    const ended = Promise.all([task.outcome(), replaced]).then(([reported]) => reported);
    const outcome = await Promise.race([ended, lost, interrupted]).catch(async (error) => {
      if (!context.signal.aborted) await vm.screenshot();
      throw restored && !haveToolsStarted && error !== context.signal.reason
        ? new StateFailure(error)
        : error;
    });
    report({ type: "task-result", ...outcome });
    const use = async () => {
      await Promise.race([attendant?.finish(outcome), over]);
      await waitAfterResult({ keepAlive: plan.keepAlive, guest: session.guest, over, onNote });
    };
    await Promise.race([use(), task.reopened()]);
    // A Go back that is under way has ended the last shell, perhaps.
    await Promise.race([vm.settled(), over]);
    if (!task.isOpen()) return outcome;
    report({ type: "task-reopened" });
  }
}
