import { Command } from "commander";
import type { ReadExchange } from "../../../core/comparison/align-exchanges.ts";
import { findPaths } from "../../../core/storage/paths.ts";
import { describeRuleUse } from "../../../shared/rules/rule-event.ts";
import {
  type Difference,
  describedHeadersLeftOut,
  type ExchangePair,
  headersLeftOut,
  type SessionComparison,
} from "../../../shared/session/session-comparison.ts";
import { escapeName } from "../../../shared/text/escape-name.ts";
import { formatCount } from "../../../shared/text/format.ts";
import { runToExit } from "../../support/context.ts";
import { exitStatus } from "../../support/exit-status.ts";
import { print, printJson, printMessage } from "../../support/print.ts";

interface Options {
  readonly all?: boolean;
  readonly polls?: boolean;
  readonly json?: boolean;
}

/** `tinsmith sessions compare`. */
export function compareCommand(): Command {
  return new Command("compare")
    .description("Compare what guest tools and host have said to each other in two sessions.")
    .argument("<FIRST>", "a session, by the name of its folder")
    .argument("<SECOND>", "another one")
    .option("--all", "also print the exchanges that are equal")
    .option("--polls", "also compare polls without an action, whose number depends on the time that passed")
    .option(
      "--json",
      "print the comparison as JSON: all pairs of exchanges, with the beginnings of their bodies",
    )
    .action((first: string, second: string, _options: Options, command: Command) =>
      runToExit(async () => {
        const { compareSessions } = await import("../../../core/comparison/compare-sessions.ts");
        // `tinsmith sessions` has options of these names, too, and takes them first.
        const { all = false, polls = false, json } = command.optsWithGlobals<Options>();
        const comparison = await compareSessions(findPaths(), first, second, polls);
        const { pairs } = comparison;
        const different = pairs.filter(({ differences }) => differences.length > 0);
        if (json) printJson({ ...comparison, headersLeftOut }, 2);
        else {
          print((all ? pairs : different).map(describePair).join(""));
          if (different[0]) print(describeFirst(different[0]));
          printMessage(
            `${formatCount(pairs.length, "exchange")} compared, ${different.length} of them differ.\n`,
          );
          if (!polls) printMessage(describeEmptyPolls(comparison));
          printMessage(`Headers that are not compared: ${describedHeadersLeftOut}.\n`);
          printMessage(describeRules(comparison));
        }
        return different.length === 0 ? undefined : exitStatus.failed;
      }),
    )
    .addHelpText(
      "after",
      `
The n-th exchange of an endpoint and an action is compared with the n-th one of the other session. The ids of actions are left
out, and without --polls also polls without an action. These headers are not compared:
${describedHeadersLeftOut}.
The exit status is 1 if the sessions differ.

Example:
  $ tinsmith sessions compare 20261124-050313-d739 20261124-051120-a1b2`,
    );
}

const names: Readonly<Record<Difference, string>> = {
  "only-first": "only in the first session",
  "only-second": "only in the second session",
  target: "address",
  status: "status",
  outcome: "end of the connection",
  headers: "headers",
  request: "request",
  response: "response",
};

/** A line with the numbers in both sessions, the endpoint with its action, both statuses, and the differences. */
function describePair({ first, second, differences }: ExchangePair<ReadExchange>): string {
  const { endpoint = "", action } = first ?? second ?? {};
  const numbers = [first, second].map((one) => `${one?.number ?? "-"}`.padStart(6)).join("");
  const what = (action === undefined ? endpoint : `${endpoint} ${action}`).padEnd(20);
  const statuses = [first, second].map((one) => describeEnd(one).padEnd(8)).join("");
  const equal = differences.length === 0 ? "equal" : differences.map((one) => names[one]).join(", ");
  return `${numbers}  ${what}  ${statuses} ${equal}\n`;
}

function describeEnd(exchange: ReadExchange | undefined): string {
  if (!exchange) return "-";
  const { status, outcome } = exchange;
  return [status ?? [], outcome === "cut" ? "cut" : []].flat().join(" ") || "open";
}

/** The headers and bodies in which a pair differs, those of one session below the other's. */
function describeFirst({ first, second, differences, headers = [] }: ExchangePair<ReadExchange>): string {
  const numbers = `exchanges ${first?.number} and ${second?.number}`;
  const describe = (what: string, one: string, other: string) =>
    `\nThe first difference, in the ${what} of ${numbers}:\n  first:  ${one}\n  second: ${other}\n`;
  const ofHeaders = headers.map(({ part, name, first = "-", second = "-" }) =>
    describe(`${part}'s header ${escapeName(name)}`, shorten(first), shorten(second)),
  );
  const ofBodies = (["request", "response"] as const)
    .filter((part) => differences.includes(part))
    .map((part) => {
      const of = (exchange: ReadExchange | undefined) =>
        shorten((part === "request" ? exchange?.request : exchange?.reply) ?? "");
      return describe(part, of(first), of(second));
    });
  return [...ofHeaders, ...ofBodies].join("");
}

/** Says which polls are left out; nothing if neither session has one. */
function describeEmptyPolls({ emptyPolls: [first, second] }: SessionComparison): string {
  if (first + second === 0) return "";
  const polls = formatCount(first + second, "poll");
  return `${polls} without an action left out: ${first} in the first session, ${second} in the second. --polls compares them, too.\n`;
}

/** Says which rules each session had, if any. */
function describeRules({ rules: [first, second] }: SessionComparison): string {
  const sides = [
    [first, "in the first session"],
    [second, "in the second session"],
  ] as const;
  return sides
    .filter(([rules]) => rules.length > 0)
    .map(([rules, where]) => `${escapeName(describeRuleUse(rules, where))}\n`)
    .join("");
}

/** Characters of a body that are shown. */
const shownLength = 500;

function shorten(body: string): string {
  const text = escapeName(body.slice(0, shownLength));
  return body.length > shownLength ? `${text}…` : text;
}
