import type { MetaPlan } from "../../shared/contracts/plan.ts";
import { isCancellation } from "../../shared/errors/error-data.ts";
import { AppError } from "../../shared/errors/errors.ts";
import { describeSystemError } from "../../shared/errors/system-error.ts";
import type { TaskOutcome } from "../../shared/guest/task-outcome.ts";
import type { RunEvent } from "../../shared/session/run.ts";
import { aborted, causeOfFailure } from "../async/abort.ts";
import { beforeForcedStop, stoppedByForce } from "../async/process-end.ts";
import { LogFile } from "../files/logs/log-file.ts";
import { statusOf } from "../files/regular-file.ts";
import { requireNewFile } from "../files/writing/new-target.ts";
import { checkSocketPath } from "../metaservice/http/guest-network.ts";
import type { MetaServiceAddress } from "../metaservice/http/listen.ts";
import { startMetaService } from "../metaservice/service/meta-service.ts";
import { openServedSession, type ServedSession } from "../session/serve/served-session.ts";
import { withLastOutput } from "../session-record/last-output.ts";
import { createReport, type Report } from "../session-record/report.ts";
import { logQuotas } from "../session-record/session-log-quota.ts";
import { startGuestClock } from "../time/guest-clock.ts";
import { rulesOptions } from "./rules-options.ts";
import { countUse } from "./run-attendant.ts";
import type { RunContext } from "./run-task.ts";
import { SilenceAlarm } from "./silence-alarm.ts";
import { waitAfterResult } from "./wait-until-unused.ts";

/**
 * Serves a task to guest tools that somebody starts on this host, without a virtual machine, until they have reported
 * its result: for people who develop guest tools.
 *
 * @returns the outcome that they report.
 * @throws AppError when the service can't listen there; `guest-tools-lost` when the guest tools don't come, or fall
 *   silent; the signal's reason when it aborts before the result.
 */
export async function serveTask(plan: MetaPlan, context: RunContext): Promise<TaskOutcome> {
  if ("socketPath" in plan.listen) {
    checkSocketPath(plan.listen.socketPath, "Choose a shorter, plain path for the socket.");
    // A socket may be left there, which nobody uses.
    if (!statusOf(plan.listen.socketPath)?.isSocket()) requireNewFile(plan.listen.socketPath);
  }
  const { attendant } = context;
  const title = attendant?.title ?? `MetaService for ${plan.task.command.join(" ")}`;
  const what = { title, kind: "meta" } as const;
  await using session = await openServedSession(context.paths, what, {
    ...rulesOptions(plan.rules),
    onFinding: context.onFinding,
  });
  const report = createReport<RunEvent>(session.record, context.onEvent);
  const { task, keepAlive } = plan;
  const { id, paths } = session;
  const described = { ...what, scenario: attendant?.scenario, task, keepAlive };
  report({ type: "run-started", session: id, folder: paths.folder, ...described });
  for (const note of session.cleared) report({ type: "note", ...note });
  const fail = (thrown: unknown): AppError => {
    const error = withLastOutput(causeOfFailure(thrown, context.signal), paths);
    report({ type: "run-failed", error: error.toJSON(), ...countUse(session, attendant) });
    return error;
  };
  try {
    using _lastAct = beforeForcedStop("the run", () => fail(stoppedByForce()));
    if (plan.rules) session.rules.rules.add(plan.rules.rules);
    const outcome = await awaitResult(plan, context, session, report);
    await attendant?.check(session, outcome);
    report({ type: "run-finished", ...outcome, ...countUse(session, attendant) });
    return outcome;
  } catch (thrown) {
    const cause = causeOfFailure(thrown, context.signal);
    if (!isCancellation(cause)) await attendant?.check(session, cause);
    throw fail(cause);
  }
}

async function awaitResult(
  { listen, task, keepAlive }: MetaPlan,
  { signal, onLog, onListening, attendant }: RunContext,
  session: ServedSession,
  report: Report<RunEvent>,
): Promise<TaskOutcome> {
  const { taskLog: log, guest, record, recorder, rules } = session;
  const onNote = (text: string) => report({ type: "note", text });
  const result = Promise.withResolvers<TaskOutcome>();
  // There is no virtual machine that could be paused, but a message that is held costs nobody time.
  const clock = startGuestClock();
  using _holding = rules.held.onHolding((holding) => clock.hold(holding !== "nothing"));
  using silence = new SilenceAlarm(
    () => {
      report({ type: "guest-tools-started" });
      attendant?.onGuestTools(session, clock);
    },
    "See the output of the guest tools. Start this command again, then the guest tools.",
    clock,
  );
  await using cleanup = new AsyncDisposableStack();
  const taskLog = cleanup.use(await LogFile.create(log, { onNote, quota: logQuotas.task }));
  const service = cleanup.use(
    await startMetaService({
      ...listen,
      clock,
      task,
      log: async (bytes) => {
        attendant?.onLog(bytes);
        await Promise.all([taskLog.write(bytes), onLog(bytes)]);
      },
      onLogEnd: () => taskLog.flush(),
      onResult: result.resolve,
      onAction: record,
      recorder,
      rules,
      onActivity: () => silence.postpone(),
      onNote,
    }).catch((error) => {
      throw cannotListen(listen, error);
    }),
  );
  cleanup.use(guest.provide(service.actions));
  onNote(`The MetaService listens on ${service.address}.`);
  onListening?.(service.address);

  const interrupted = aborted(AbortSignal.any([signal, silence.signal]));
  const outcome = await Promise.race([result.promise, interrupted]);
  report({ type: "task-result", ...outcome });
  const over = aborted(signal).catch(() => {});
  await Promise.race([attendant?.finish(outcome), over]);
  await waitAfterResult({ keepAlive, guest, over, onNote });
  return outcome;
}

function cannotListen(listen: MetaServiceAddress, error: unknown): unknown {
  const place = "port" in listen ? `port ${listen.port} of 127.0.0.1` : listen.socketPath;
  const problem = `the MetaService can't listen on ${place}`;
  const explained = describeSystemError(error, {
    busy: {
      message: `${problem}: another program listens there, or has left its socket there`,
      advice: "Choose another place, or remove the unused socket.",
    },
    "no-permission": {
      message: `${problem}: this user may not`,
      advice: "Choose a folder of your own, or a port of 1024 or more.",
    },
  });
  if (!explained) return error;
  return new AppError(explained, { cause: error });
}
