import { join } from "node:path";
import { AppError, toAppError } from "../../shared/errors/errors.ts";
import type { TaskOutcome } from "../../shared/guest/task-outcome.ts";
import { describeAnswer, describeScenarioAction } from "../../shared/scenario/describe-action.ts";
import type { Scenario } from "../../shared/scenario/scenario.ts";
import type { ScenarioAction } from "../../shared/scenario/scenario-action.ts";
import type { Check, ExpectationCounts } from "../../shared/scenario/scenario-event.ts";
import type { ScenarioSeries } from "../../shared/scenario/scenario-series.ts";
import type { RunAttendant } from "../runner/run-attendant.ts";
import type { ServedSession } from "../session/serve/served-session.ts";
import { readSessionLog } from "../session-record/session-log-reader.ts";
import type { GuestClock } from "../time/guest-clock.ts";
import { allExpectations } from "./all-expectations.ts";
import { checkAnswer } from "./check-answer.ts";
import { checkExpectation, type SeenRun } from "./check-expectation.ts";
import { createLogRecord } from "./log-record.ts";
import { performAction } from "./perform-action.ts";
import { addToRecord, createRunRecord, type RunRecord } from "./run-record.ts";

/** Longer than most requests whose response was lost take to be repeated. Milliseconds. */
const usualSettleTime = 10_000;
/** Between two looks at the expectations. Milliseconds. */
const lookInterval = 100;

/** A scenario that takes part in a run. */
export interface AttendingScenario extends RunAttendant {
  /** The comparisons, in the order of the scenario, and the record that they are about; complete when the run has ended. */
  readonly checks: readonly Check[];
  readonly record: RunRecord;
}

interface AttendOptions {
  /** The scenario's file, if it is in one. */
  readonly path?: string | undefined;
  /** Its place, if others run before or after it. */
  readonly series?: ScenarioSeries | undefined;
  /** Aborts when the run is asked to stop, and with it the series. */
  readonly signal?: AbortSignal | undefined;
  /**
   * After the result and the actions, the guest keeps running for so long while an expectation is not met: guest tools
   * may still repeat a request. Milliseconds.
   */
  readonly settleTime?: number | undefined;
  /** Called when the scenario's time-out has passed since the guest tools' first request. */
  readonly onTimeout?: (() => void) | undefined;
  /** See `runInShell`. */
  readonly unconsumedTime?: number | undefined;
}

/** Performs the actions of a scenario in a run, and compares its expectations. */
export function attendRun(
  scenario: Scenario,
  { path, series, signal, settleTime = usualSettleTime, onTimeout, unconsumedTime }: AttendOptions = {},
): AttendingScenario {
  const log = createLogRecord();
  const record = createRunRecord();
  const live = createRunRecord();
  const checks: Check[] = [];
  const stop = new AbortController();
  const resulted = Promise.withResolvers<void>();
  let answers: Promise<readonly Check[]> | undefined;
  let clock: GuestClock | undefined;
  let alarm: Disposable | undefined;
  /** A check that fails, as on a full disk, is not made again. */
  let isChecked = false;
  let expectations: ExpectationCounts | undefined;
  const pass = (milliseconds: number) =>
    new Promise<void>((resolve) => clock?.after(milliseconds, resolve) ?? resolve());

  const follow = async (session: ServedSession) => {
    for await (const events of session.subscribe({ signal: stop.signal }))
      for (const event of events) addToRecord(live, event);
  };
  const perform = async (action: ScenarioAction, session: ServedSession, number: number): Promise<Check> => {
    const { log: text, after = 0 } = action.when;
    if (text !== undefined) await Promise.race([log.untilHas(text), resulted.promise, stopped()]);
    const expectation = `${describeScenarioAction(action)} ${describeAnswer(action)}`;
    if (text !== undefined && log.timeOf(text) === undefined)
      return { expectation, passed: false, seen: `not asked for: the log never had ${JSON.stringify(text)}` };
    await Promise.race([pass(after * 1000), stopped()]);
    const began = performance.now();
    const file = join(session.paths.working, `scenario-${number}`);
    const options = { file, signal: stop.signal, unconsumedTime };
    const answer = await session.guest
      .use((guest) => performAction(action, guest, options))
      .catch((thrown) => ({ error: toAppError(thrown) }));
    return checkAnswer(action, answer, performance.now() - began, Date.now());
  };
  const stopped = () =>
    new Promise<void>((resolve) => {
      if (stop.signal.aborted) resolve();
      stop.signal.addEventListener("abort", () => resolve());
    });

  return {
    title: scenario.name,
    scenario: { path, series },
    get expectations() {
      return expectations;
    },
    checks,
    record,
    onLog: log.add,
    onGuestTools: (session, guestClock) => {
      clock = guestClock;
      follow(session).catch(() => {});
      alarm = guestClock.after(scenario.timeout * 1000, () => {
        stop.abort(tooLong(scenario.timeout));
        onTimeout?.();
      });
      // The service of a guest that makes its first request is offered to others right after.
      answers = pass(0).then(() =>
        Promise.all(scenario.actions.map((action, index) => perform(action, session, index))),
      );
      answers.catch(() => {});
    },
    finish: async (outcome) => {
      resulted.resolve();
      await answers?.catch(() => {});
      const run: SeenRun = { record: live, log, outcome };
      const isMet = () => allExpectations(scenario).every((one) => checkExpectation(one, run).passed);
      for (let waited = 0; waited < settleTime && !isMet() && !stop.signal.aborted; waited += lookInterval)
        await pass(lookInterval);
    },
    check: async (session, outcome: TaskOutcome | AppError) => {
      if (isChecked) return;
      isChecked = true;
      resulted.resolve();
      alarm?.[Symbol.dispose]();
      stop.abort(ended());
      await session.recorder.close();
      for await (const events of readSessionLog(session.paths.events))
        for (const event of events) addToRecord(record, event);
      const run: SeenRun = { record, log, outcome };
      const answered = await (answers ?? scenario.actions.map(notAskedFor));
      checks.push(...answered, ...allExpectations(scenario).map((one) => checkExpectation(one, run)));
      for (const check of checks) session.record({ type: "expectation-checked", ...check });
      if (series && signal?.aborted) session.record({ type: "series-stopped" });
      expectations = { all: checks.length, unmet: checks.filter(({ passed }) => !passed).length };
    },
  };
}

function notAskedFor(action: ScenarioAction): Check {
  const expectation = `${describeScenarioAction(action)} ${describeAnswer(action)}`;
  return { expectation, passed: false, seen: "not asked for: the guest tools made no request" };
}

function ended(): AppError {
  return new AppError({ code: "guest-no-answer", message: "the run ended before the guest had answered" });
}

function tooLong(seconds: number): AppError {
  return new AppError({
    code: "timed-out",
    message: `no answer within the scenario's time limit of ${seconds} s`,
  });
}
