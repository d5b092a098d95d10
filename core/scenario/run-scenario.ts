import { makePlan } from "../../shared/contracts/plan.ts";
import { AppError, toAppError } from "../../shared/errors/errors.ts";
import type { FindingEvent } from "../../shared/guest/finding.ts";
import { isEndOfGuest } from "../../shared/scenario/end-of-guest.ts";
import type { Scenario } from "../../shared/scenario/scenario.ts";
import type { ScenarioResult } from "../../shared/scenario/scenario-result.ts";
import type { ScenarioSeries } from "../../shared/scenario/scenario-series.ts";
import type { RunEvent } from "../../shared/session/run.ts";
import { timeLimit } from "../async/abort.ts";
import type { BootCheckpoint } from "../runner/boot-checkpoint.ts";
import { type RunContext, runTask } from "../runner/run-task.ts";
import { serveTask } from "../runner/serve-task.ts";
import type { Paths } from "../storage/paths.ts";
import { startGuestClock } from "../time/guest-clock.ts";
import { attendRun } from "./attend-run.ts";
import { startHostTools } from "./start-host-tools.ts";

/** The guest tools of a scenario: in a virtual machine, or on this host. */
export type ScenarioGuest =
  | {
      /** The image to run. */
      readonly archive: string;
      /** MiB; by default the machine definition's. */
      readonly memory?: number | undefined;
      /** As in the plan of a run. */
      readonly trusted?: readonly string[] | undefined;
      /** The runs start here; without it, each boots the image. */
      readonly checkpoint?: BootCheckpoint | undefined;
      /** Whether the runs continue from the image's saved state, which is made if there is none. */
      readonly isWarm?: boolean | undefined;
    }
  /** A shell's command that starts them, and finds HOST:PORT of the MetaService in the variable TINSMITH_HOST. */
  | { readonly command: string };

export interface ScenarioRun {
  /** The scenario's file, or the rule that it checks, for people. */
  readonly file: string;
  /** The absolute path of its file, if it is in one. */
  readonly path?: string | undefined;
  readonly scenario: Scenario;
  /** Of the rules. */
  readonly seed: number;
  readonly guest: ScenarioGuest;
  /** Its place, if others run before or after it. */
  readonly series?: ScenarioSeries | undefined;
}

export interface ScenarioContext {
  readonly paths: Paths;
  readonly signal: AbortSignal;
  readonly onEvent: (event: RunEvent) => void;
  readonly onFinding?: RunContext["onFinding"];
  /** These two: as in a run's context, for guest tools in a virtual machine. */
  readonly part?: RunContext["part"];
  readonly newTools?: RunContext["newTools"];
  /**
   * Seconds that the guest tools may take to make their first request, with which the scenario's time-out begins; absent: it
   * includes them.
   */
  readonly startTimeout?: number | undefined;
  /** These two: see `AttendOptions`. Milliseconds. */
  readonly settleTime?: number | undefined;
  readonly unconsumedTime?: number | undefined;
}

/**
 * Runs a scenario in a session of its own, and compares its expectations.
 *
 * @throws AppError as `runTask` does, for what has nothing to do with the guest tools; the signal's reason.
 */
export async function runScenario(run: ScenarioRun, context: ScenarioContext): Promise<ScenarioResult> {
  const { file, path, scenario, seed, series } = run;
  const { settleTime, startTimeout, unconsumedTime } = context;
  // The run before may have come to its end although it was asked to stop.
  context.signal.throwIfAborted();
  const timeUp = new AbortController();
  const onTimeout = () => startTimeout !== undefined && timeUp.abort(tooLong(scenario.timeout));
  const attendant = attendRun(scenario, {
    ...{ path, series, settleTime, unconsumedTime, onTimeout },
    signal: context.signal,
  });
  const signal = AbortSignal.any([context.signal, timeUp.signal]);
  let session = "";
  const findings: FindingEvent[] = [];
  const onFinding = (finding: FindingEvent) => {
    findings.push(finding);
    context.onFinding?.(finding);
  };
  const onEvent = (event: RunEvent) => {
    if (event.type === "run-started") ({ session } = event);
    context.onEvent(event);
  };
  try {
    const timeout = scenario.timeout + (startTimeout ?? 0);
    await perform(run, timeout, { ...context, signal, onEvent, onFinding, onLog: () => {}, attendant });
  } catch (thrown) {
    const error: AppError = toAppError(thrown);
    if (!isEndOfGuest(error)) throw error;
  }
  const { checks, record } = attendant;
  const start = record.started;
  const after = (at: number | undefined) =>
    at === undefined || start === undefined ? undefined : Math.max(0, Math.round(at - start));
  return {
    ...{ file, session, seed },
    name: scenario.name,
    passed: checks.every(({ passed }) => passed),
    duration: start === undefined ? 0 : Date.now() - start,
    checks: checks.map(({ at, ...check }) => ({ ...check, after: after(at) })),
    findings: findings.map(({ name, text, exchange, time }) => ({
      name,
      text,
      exchange,
      after: after(time),
    })),
  };
}

function tooLong(seconds: number): AppError {
  return new AppError({
    code: "timed-out",
    message: `the task had not ended ${seconds} s after the guest tools' first request`,
  });
}

/** @param timeout seconds, from the start of the session */
async function perform(
  { scenario, seed, guest }: ScenarioRun,
  timeout: number,
  context: RunContext,
): Promise<void> {
  const { command, env, tty } = scenario;
  const task = { command: [...command], env, tty };
  const rules = { seed, rules: [...scenario.rules] };
  if ("command" in guest) {
    using limit = timeLimit(
      timeout,
      (seconds) => `the task had not ended within ${seconds} s`,
      startGuestClock(),
    );
    const lost = new AbortController();
    const signal = AbortSignal.any([context.signal, limit.signal, lost.signal]);
    const onListening = (address: string) =>
      startHostTools(guest.command, address, (error) => lost.abort(error));
    await serveTask(makePlan({ kind: "meta", listen: { port: 0 }, task, rules }), {
      ...context,
      signal,
      onListening,
    });
    return;
  }
  const { archive, memory, trusted, checkpoint, isWarm } = guest;
  const plan = makePlan({
    kind: "run",
    ...{ archive, task, rules, memory, timeout },
    ...(trusted && { trusted: [...trusted] }),
    ...(isWarm && { warm: "always" }),
  });
  await runTask(plan, { ...context, checkpoint });
}
