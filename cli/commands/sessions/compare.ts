import { Command } from "commander";
import type { ReadExchange } from "../../../core/comparison/align-exchanges.ts";
import { compareSessions } from "../../../core/comparison/compare-sessions.ts";
import { findPaths } from "../../../core/storage/paths.ts";
import type { Difference, ExchangePair } from "../../../shared/session/session-comparison.ts";
import { escapeName } from "../../../shared/text/escape-name.ts";
import { formatCount } from "../../../shared/text/format.ts";
import { runToExit } from "../../support/context.ts";
import { exitStatus } from "../../support/exit-status.ts";
import { print, printJson, printMessage } from "../../support/print.ts";

interface Options {
  readonly all?: boolean;
  readonly json?: boolean;
}

/** `tinsmith sessions compare`. */
export function compareCommand(): Command {
  return new Command("compare")
    .description("Compare what guest tools and host have said to each other in two sessions.")
    .argument("<FIRST>", "a session, by the name of its folder")
    .argument("<SECOND>", "another one")
    .option("--all", "also print the exchanges that are equal")
    .option("--json", "print all pairs of exchanges as JSON, with the beginnings of their bodies")
    .action((first: string, second: string, _options: Options, command: Command) =>
      runToExit(async () => {
        // `tinsmith sessions` has options of these names, too, and takes them first.
        const { all = false, json } = command.optsWithGlobals<Options>();
        const { pairs } = await compareSessions(findPaths(), first, second);
        const different = pairs.filter(({ differences }) => differences.length > 0);
        if (json) printJson(pairs, 2);
        else {
          print((all ? pairs : different).map(describePair).join(""));
          if (different[0]) print(describeBodies(different[0]));
          printMessage(
            `${formatCount(pairs.length, "exchange")} compared, ${different.length} of them differ.\n`,
          );
        }
        return different.length === 0 ? undefined : exitStatus.failed;
      }),
    )
    .addHelpText(
      "after",
      `
The n-th exchange of an endpoint and an action is compared with the n-th one of the other session. Polls without an action
and the ids of actions are left out. The exit status is 1 if the sessions differ.

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

/** The bodies of a pair that differs, one below the other. */
function describeBodies({ first, second, differences }: ExchangePair<ReadExchange>): string {
  const sides = (["request", "response"] as const).filter((side) => differences.includes(side));
  return sides
    .map((side) => {
      const of = (exchange: ReadExchange | undefined) =>
        shorten((side === "request" ? exchange?.request : exchange?.reply) ?? "");
      const numbers = `exchanges ${first?.number} and ${second?.number}`;
      return `\nThe first difference, in the ${side} of ${numbers}:\n  first:  ${of(first)}\n  second: ${of(second)}\n`;
    })
    .join("");
}

/** Characters of a body that are shown. */
const shownLength = 500;

function shorten(body: string): string {
  const text = escapeName(body.slice(0, shownLength));
  return body.length > shownLength ? `${text}…` : text;
}
