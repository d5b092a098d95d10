import { dirname } from "node:path";
import { AppError, toAppError } from "../../shared/errors.ts";
import type { Task, TaskResult } from "../../shared/guest-protocol.ts";
import type { RunEvent } from "../../shared/run.ts";
import { aborted } from "../abort.ts";
import { requireFile } from "../files/files.ts";
import { LogFile } from "../files/log-file.ts";
import type { MetaServiceAddress } from "../meta/listen.ts";
import { startMetaService } from "../meta/meta-service.ts";
import { createReport, type Report } from "../session/events.ts";
import { withEvidence } from "../session/evidence.ts";
import { openServedSession, type ServedSession } from "../session/served-session.ts";
import { waitAfterResult } from "./after-result.ts";
import type { RunContext } from "./run-task.ts";

/** What to serve, and where guest tools on this host find it. */
export interface ServePlan {
  readonly listen: MetaServiceAddress;
  readonly task: Task;
  /** Goes on after the task's result, until the signal aborts. */
  readonly keepAlive: boolean;
}

/**
 * Serves a task to guest tools that somebody starts on this host, without a virtual machine, until they have reported
 * its result: for people who develop guest tools.
 *
 * @returns the result.
 * @throws AppError when the service can't listen there; the signal's reason when it aborts before the result.
 */
export async function serveTask(plan: ServePlan, context: RunContext): Promise<TaskResult> {
  if ("socketPath" in plan.listen) requireFile(dirname(plan.listen.socketPath), "Make the folder first.");
  const what = { title: `MetaService for ${plan.task.command.join(" ")}`, kind: "meta" } as const;
  await using session = await openServedSession(context.paths, what);
  const report = createReport<RunEvent>(session.record, context.onEvent);
  const { task, keepAlive } = plan;
  const { id, paths } = session;
  report({ type: "run-started", session: id, folder: paths.folder, ...what, task, keepAlive });
  for (const text of session.cleared) report({ type: "note", text });
  try {
    const result = await awaitResult(plan, context, session, report);
    report({ type: "run-finished", result });
    return result;
  } catch (thrown) {
    const error = withEvidence(toAppError(thrown), paths);
    report({ type: "run-failed", error: error.toJSON() });
    throw error;
  }
}

async function awaitResult(
  { listen, task, keepAlive }: ServePlan,
  { signal, onLog }: RunContext,
  { taskLog: log, guest, record, recorder }: ServedSession,
  report: Report<RunEvent>,
): Promise<TaskResult> {
  const onNote = (text: string) => report({ type: "note", text });
  const result = Promise.withResolvers<TaskResult>();
  let hasStarted = false;
  await using cleanup = new AsyncDisposableStack();
  const taskLog = cleanup.use(await LogFile.create(log, onNote));
  const service = cleanup.use(
    await startMetaService({
      ...listen,
      task,
      log: async (bytes) => void (await Promise.all([taskLog.write(bytes), onLog(bytes)])),
      onLogEnd: () => taskLog.flush(),
      onResult: result.resolve,
      onAction: record,
      recorder,
      onActivity: () => {
        if (!hasStarted) report({ type: "guest-tools-started" });
        hasStarted = true;
      },
    }).catch((error) => {
      throw cannotListen(listen, error);
    }),
  );
  cleanup.use(guest.offer(service.actions));
  onNote(`The MetaService listens on ${service.address}.`);

  const outcome = await Promise.race([result.promise, aborted(signal)]);
  report({ type: "task-result", result: outcome });
  await waitAfterResult({ keepAlive, guest, over: aborted(signal).catch(() => {}), onNote });
  return outcome;
}

const reasons: Readonly<Record<string, Pick<AppError, "code" | "advice" | "message">>> = {
  EADDRINUSE: {
    code: "busy",
    message: "something listens there already, or has left its socket behind",
    advice: "Choose another place, or remove the socket that nobody needs.",
  },
  EACCES: {
    code: "no-permission",
    message: "this user may not",
    advice: "Choose a folder of your own, or a port of 1024 or more.",
  },
};

function cannotListen(listen: MetaServiceAddress, error: unknown): unknown {
  const reason = error instanceof Error && "code" in error ? reasons[String(error.code)] : undefined;
  if (!reason) return error;
  const place = "port" in listen ? `port ${listen.port} of 127.0.0.1` : listen.socketPath;
  const message = `the MetaService can't listen on ${place}: ${reason.message}`;
  return new AppError({ ...reason, message }, { cause: error });
}
