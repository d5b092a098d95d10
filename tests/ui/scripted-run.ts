import { once } from "node:events";
import { appendFileSync, copyFileSync, writeFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { type ClientRequest, request } from "node:http";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { type GuestScript, startTestGuest, type TestGuest } from "../../cli/support/test-guest.ts";
import { startMetaService } from "../../core/metaservice/service/meta-service.ts";
import { readScenario } from "../../core/scenario/read-scenario.ts";
import { openServedSession, type ServedSession } from "../../core/session/serve/served-session.ts";
import type { Paths } from "../../core/storage/paths.ts";
import { startGuestClock } from "../../core/time/guest-clock.ts";
import type { Plan } from "../../shared/contracts/plan.ts";
import type { ErrorData } from "../../shared/errors/error-data.ts";
import { type Action, actionSchema, type TaskResult } from "../../shared/guest/guest-protocol.ts";
import type { TaskOutcome } from "../../shared/guest/task-outcome.ts";
import type { ExpectationCounts } from "../../shared/scenario/scenario-event.ts";
import type { ScenarioSeries } from "../../shared/scenario/scenario-series.ts";
import { runTitle } from "../../shared/session/run.ts";
import type { SessionHappening } from "../../shared/session/session-event.ts";

/**
 * A run whose guest a test plays: the MetaService, its records, and the session are real, and there is no virtual
 * machine. Until a guest joins, the service waits for one.
 */
export interface ScriptedRun {
  readonly session: ServedSession;
  /** The plan with which the window has started it. */
  readonly plan: Plan | undefined;
  /** Lets guest tools poll the service, as the script says. */
  join(script: GuestScript): TestGuest;
  /** Asks for an action once, as guest tools do, for a test that answers it itself. */
  poll(): Promise<Action>;
  /** Makes the first request of guest tools, which then ask for nothing. */
  ping(): Promise<void>;
  /** Begins a request to the service. */
  request(method: string, path: string, headers?: Record<string, string | number>): ClientRequest;
  /** Adds to the task's log. */
  log(bytes: string | Uint8Array): void;
  /** Adds to the session's record. */
  record(event: Omit<SessionHappening, "time"> & { readonly time?: number }): void;
  /** The guest reports a result, and keeps running. */
  report(result: TaskResult): void;
  /** Ends with a result; a scenario's run, with its expectations, too. */
  finish(result: TaskResult, expectations?: ExpectationCounts): Promise<void>;
  fail(error: ErrorData): Promise<void>;
  /** Ends as the real one does at a request: with the result, where there is one. */
  stop(interruption: ErrorData): Promise<void>;
  /** Ends its process, as it were, if it has not ended before. */
  end(): Promise<void>;
}

export interface RunOptions {
  readonly image: string;
  readonly plan?: Plan;
  readonly command?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** For one of several scenarios: the runs before it. */
  readonly earlier?: ScenarioSeries["earlier"];
  /** Holds messages also before the first window shows it. */
  readonly waitsForWindow?: boolean;
}

export async function beginRun(
  paths: Paths,
  { image, plan, command = ["sh", "-c", "make test"], env = {}, earlier = [], waitsForWindow }: RunOptions,
): Promise<ScriptedRun> {
  const scenarios = plan?.kind === "scenario" ? plan.files : [];
  const path = scenarios[earlier.length];
  const series = { names: scenarios.map((file) => readScenario(file).name), earlier };
  const scenario = path === undefined ? undefined : { path, ...(scenarios.length > 1 && { series }) };
  const title = path === undefined ? runTitle(image) : readScenario(path).name;
  const session = await openServedSession(paths, { title, kind: "run", image }, { waitsForWindow });
  const { taskLog, paths: files } = session;
  const task = { command: [...command], env };
  writeFileSync(taskLog.path, "");
  session.record({
    type: "run-started",
    session: session.id,
    folder: files.folder,
    kind: "run",
    title,
    image,
    scenario,
    task,
    keepAlive: true,
  });
  session.record({ type: "qemu-started", command: ["qemu-system-i386"] });
  const log = (bytes: string | Uint8Array) => {
    appendFileSync(taskLog.path, bytes);
    taskLog.grown();
  };
  let hasStarted = false;
  let reported: TaskOutcome | undefined;
  const take = (outcome: TaskOutcome) => {
    reported = outcome;
    session.record({ type: "task-result", ...outcome });
  };
  const report = (result: TaskResult) => take({ result });
  const socketPath = files.metaServiceSocket;
  const service = await startMetaService({
    clock: startGuestClock(),

    socketPath,
    task,
    log,
    onLogEnd: async () => {},
    onResult: take,
    onAction: session.record,
    recorder: session.recorder,
    rules: session.rules,
    onActivity: () => {
      if (!hasStarted) session.record({ type: "guest-tools-started" });
      hasStarted = true;
    },
  });
  const offer = session.guest.provide(service.actions);
  const guests: TestGuest[] = [];
  let ended: PromiseLike<void> | undefined;
  const endAll = async () => {
    offer[Symbol.dispose]();
    for (const guest of guests) await guest[Symbol.asyncDispose]();
    await service[Symbol.asyncDispose]();
    await session[Symbol.asyncDispose]();
  };
  const end = async () => {
    ended ??= endAll();
    await ended;
  };
  const send: ScriptedRun["request"] = (method, path, headers = {}) =>
    request({ socketPath, method, path: `/engine/v1/${path}`, headers, agent: false });
  return {
    session,
    plan,
    join: (script) => {
      const guest = startTestGuest({ socketPath }, script);
      guests.push(guest);
      return guest;
    },
    ping: async () => {
      const [reply] = (await once(send("GET", "ping").end(), "response")) as [IncomingMessage];
      reply.resume();
    },
    poll: async () => {
      const [reply] = (await once(send("GET", "poll").end(), "response")) as [IncomingMessage];
      return actionSchema.parse(await json(reply));
    },
    request: send,
    log,
    record: (event) => session.record({ time: Date.now(), ...event } as SessionHappening),
    report,
    finish: async (result, expectations) => {
      report(result);
      session.record({ type: "run-finished", result, expectations });
      await end();
    },
    stop: async (error) => {
      session.record(reported ? { type: "run-finished", ...reported } : { type: "run-failed", error });
      await end();
    },
    fail: async (error) => {
      copyFileSync(join(import.meta.dirname, "screen.png"), files.screenshot);
      session.record({ type: "run-failed", error });
      await end();
    },
    end,
  };
}
