import { formatCount } from "../text/format.ts";
import type { Counts, ExchangeMatcher, Expectation } from "./expectation.ts";

/** Describes an expectation in a line. */
export function describeExpectation(expectation: Expectation): string {
  const { within } = expectation;
  return `${describe(expectation)}${within === undefined ? "" : `, within ${within} s`}`;
}

function describe({ result, exit, log, exchanges, retries, order, rule }: Expectation): string {
  if (result === "none") return "the task has no result";
  if (result !== undefined) return `the task's result is ${result}`;
  if (exit !== undefined) return `the task's exit status is ${exit}`;
  if (log !== undefined) return describeLog(log);
  if (exchanges !== undefined)
    return `${describeCounts(exchanges, "exchange")} of ${describeExchange(exchanges)}`;
  if (retries !== undefined)
    return `a request to ${describeExchange(retries)} is sent again ${describeCounts(retries, "time")}`;
  if (order !== undefined) return `this order: ${order.map(describeExchange).join(", then ")}`;
  if (rule !== undefined) return `the rule "${rule.name}" applies to ${describeCounts(rule, "message")}`;
  throw new Error("an expectation without a kind, which no schema passes");
}

function describeLog({ text, pattern, lacks, bytes }: NonNullable<Expectation["log"]>): string {
  const parts = [
    text !== undefined && `has ${JSON.stringify(text)}`,
    pattern !== undefined && `matches /${pattern}/`,
    lacks !== undefined && `does not have ${JSON.stringify(lacks)}`,
    bytes !== undefined && `has ${formatCount(bytes, "byte")}`,
  ];
  return `the log ${parts.filter((part) => part !== false).join(", and ")}`;
}

/** Names the exchanges that a matcher chooses. */
export function describeExchange({ endpoint, method, action, status, outcome }: ExchangeMatcher): string {
  const parts = [
    method?.toUpperCase(),
    endpoint === undefined ? "any endpoint" : [endpoint].flat().join(" or "),
    action !== undefined && `for ${[action].flat().join(" or ")}`,
    status !== undefined && `with status ${status}`,
    outcome !== undefined && `(${outcome})`,
  ];
  return parts.filter(Boolean).join(" ");
}

/** Names the allowed numbers of a thing. */
export function describeCounts({ count, least, most }: Counts, one: string): string {
  if (count !== undefined) return `exactly ${formatCount(count, one)}`;
  if (least !== undefined && most !== undefined) return `from ${least} to ${formatCount(most, one)}`;
  return most === undefined
    ? `at least ${formatCount(least ?? 1, one)}`
    : `at most ${formatCount(most, one)}`;
}
