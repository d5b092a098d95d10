import type { AppError } from "../../shared/errors/errors.ts";
import { describeOutcome, type TaskOutcome } from "../../shared/guest/task-outcome.ts";
import { describeExchange, describeExpectation } from "../../shared/scenario/describe-expectation.ts";
import type { Counts, ExchangeMatcher, Expectation } from "../../shared/scenario/expectation.ts";
import type { Check } from "../../shared/scenario/scenario-event.ts";
import { excerpt } from "../../shared/text/excerpt.ts";
import { formatCount } from "../../shared/text/format.ts";
import type { LogRecord } from "./log-record.ts";
import type { RecordedExchange, RunRecord } from "./run-record.ts";

/** All that is known of a run. */
export interface SeenRun {
  readonly record: RunRecord;
  readonly log: LogRecord;
  /** The task's outcome, or the error that ended the run; undefined while it runs. */
  readonly outcome: TaskOutcome | AppError | undefined;
}

/** A comparison, before its time limit is looked at. */
type Finding = Omit<Check, "expectation">;

/** Compares an expectation with a run, also with one that has not ended. */
export function checkExpectation(expectation: Expectation, run: SeenRun): Check {
  const found = compare(expectation, run);
  const { within } = expectation;
  const finding = within === undefined || !found.passed ? found : withinTime(found, within, run.record);
  return { expectation: describeExpectation(expectation), ...finding };
}

function withinTime(found: Finding, within: number, { started }: RunRecord): Finding {
  const took = (found.at ?? Number.POSITIVE_INFINITY) - (started ?? 0);
  return took <= within * 1000 ? found : { ...found, passed: false, seen: `${found.seen}, but late` };
}

function compare(expectation: Expectation, run: SeenRun): Finding {
  const { result, exit, log, exchanges, retries, order, rule } = expectation;
  if (result !== undefined) return checkResult(result, run);
  if (exit !== undefined) return checkExit(exit, run);
  if (log !== undefined) return checkLog(log, run.log);
  if (exchanges !== undefined) return checkExchanges(exchanges, run.record);
  if (retries !== undefined) return checkRetries(retries, run.record);
  if (order !== undefined) return checkOrder(order, run.record);
  const { name = "", ...counts } = rule ?? {};
  return checkCount(
    counts,
    (run.record.hits.get(name) ?? []).map((at) => ({ at })),
    "message",
  );
}

function describeEnd(outcome: SeenRun["outcome"]): string {
  if (outcome === undefined) return "the task runs";
  return outcome instanceof Error ? `no result: ${outcome.message}` : describeOutcome(outcome);
}

function checkResult(expected: NonNullable<Expectation["result"]>, { outcome, record }: SeenRun): Finding {
  const result = outcome === undefined || outcome instanceof Error ? "none" : outcome.result;
  return {
    passed: outcome !== undefined && result === expected,
    seen: describeEnd(outcome),
    at: record.resultAt,
  };
}

function checkExit(expected: number, { outcome, record }: SeenRun): Finding {
  const exit = outcome === undefined || outcome instanceof Error ? undefined : outcome.exit;
  const seen =
    exit === undefined ? `${describeEnd(outcome)}, without an exit status` : `exit status ${exit.status}`;
  return { passed: exit?.status === expected, seen, at: record.resultAt };
}

function checkLog({ text, pattern, lacks, bytes }: NonNullable<Expectation["log"]>, log: LogRecord): Finding {
  const times = [
    text === undefined ? 0 : log.timeOf(text),
    pattern === undefined ? 0 : log.timeOfMatch(pattern),
    bytes === undefined ? 0 : log.bytes() === bytes ? (log.timeOfSize(bytes) ?? 0) : undefined,
  ];
  const unwanted = lacks === undefined ? undefined : log.timeOf(lacks);
  if (unwanted !== undefined) return { passed: false, seen: describeLog(log), at: unwanted };
  const passed = times.every((time) => time !== undefined);
  const at = Math.max(...times.map((time) => time ?? 0)) || log.timeOfSize(log.bytes());
  return { passed, seen: describeLog(log), at };
}

/** The size and the end of a log. */
function describeLog(log: LogRecord): string {
  const last = log.text().trimEnd().slice(-200).split("\n").at(-1) ?? "";
  const size = formatCount(log.bytes(), "byte");
  return log.bytes() === 0
    ? "an empty log"
    : `a log of ${size}, whose last line is ${JSON.stringify(excerpt(last))}`;
}

interface Occurrence {
  readonly at: number;
  readonly exchange?: number;
}

function checkCount({ count, least, most }: Counts, found: readonly Occurrence[], one: string): Finding {
  const fewest = count ?? least ?? (most === undefined ? 1 : 0);
  const greatest = count ?? most ?? Number.POSITIVE_INFINITY;
  // The one that made it enough, or the first that was too much.
  const deciding = found.length > greatest ? found[greatest] : (found[fewest - 1] ?? found.at(-1));
  return {
    passed: found.length >= fewest && found.length <= greatest,
    seen: found.length === 0 ? `no ${one}` : formatCount(found.length, one),
    ...deciding,
  };
}

function checkExchanges(
  { count, least, most, ...matcher }: NonNullable<Expectation["exchanges"]>,
  record: RunRecord,
): Finding {
  const found = exchangesOf(matcher, record).map(({ number, ended, started }) => ({
    exchange: number,
    at: ended ?? started,
  }));
  return checkCount({ count, least, most }, found, "exchange");
}

function checkRetries(
  { least = 0, most = Number.POSITIVE_INFINITY, ...matcher }: NonNullable<Expectation["retries"]>,
  record: RunRecord,
): Finding {
  const groups = Map.groupBy(exchangesOf(matcher, record), ({ method, target }) => `${method} ${target}`);
  const [worst = []] = [...groups.values()].toSorted((one, other) => other.length - one.length);
  const deciding = worst[most + 1] ?? worst.at(-1);
  const retries = Math.max(0, worst.length - 1);
  return {
    passed: retries >= least && retries <= most,
    seen: worst.length === 0 ? "no such request" : `sent again ${formatCount(retries, "time")}`,
    ...(deciding && { at: deciding.started, exchange: deciding.number }),
  };
}

/** Takes the first exchange that fits, each time among those that begin after the one before has ended. */
function checkOrder(order: readonly ExchangeMatcher[], record: RunRecord): Finding {
  let earliest = 0;
  let last: RecordedExchange | undefined;
  for (const matcher of order) {
    const next = exchangesOf(matcher, record).find(
      ({ started, ended }) => started >= earliest && ended !== undefined,
    );
    if (!next) {
      const after = last ? ` after exchange ${last.number} (${last.method} ${last.endpoint})` : "";
      return {
        passed: false,
        seen: `no ${describeExchange(matcher)}${after}`,
        ...(last && { at: last.ended, exchange: last.number }),
      };
    }
    last = next;
    earliest = next.ended ?? Number.POSITIVE_INFINITY;
  }
  return { passed: true, seen: "this order", at: last?.ended, exchange: last?.number };
}

function exchangesOf(matcher: ExchangeMatcher, { exchanges }: RunRecord): readonly RecordedExchange[] {
  const { endpoint, method, action, status, outcome } = matcher;
  const isAmong = (wanted: string | readonly string[] | undefined, value: string | undefined) =>
    wanted === undefined || (value !== undefined && [wanted].flat().includes(value));
  return [...exchanges.values()].filter(
    (one) =>
      isAmong(endpoint, one.endpoint) &&
      isAmong(method?.toUpperCase(), one.method) &&
      isAmong(action, one.action) &&
      isAmong(outcome, one.outcome) &&
      (status === undefined || status === one.status),
  );
}
