import { resolve } from "node:path";
import { Command, Option } from "commander";
import { checkGuestRules } from "../../../core/conformance/guest/check-guest.ts";
import { guestRules } from "../../../core/conformance/guest/guest-rules.ts";
import { askByCommand } from "../../../core/conformance/service/ask-by-command.ts";
import { checkServiceRules, serviceRules } from "../../../core/conformance/service/check-service.ts";
import { findService } from "../../../core/conformance/service/service-address.ts";
import { createServiceClient } from "../../../core/conformance/service/service-client.ts";
import { createBootCheckpoint } from "../../../core/runner/boot-checkpoint.ts";
import type { ScenarioGuest } from "../../../core/scenario/run-scenario.ts";
import { findPaths } from "../../../core/storage/paths.ts";
import {
  keepsProtocol,
  type ProtocolRule,
  type RuleResult,
} from "../../../shared/conformance/conformance.ts";
import { AppError } from "../../../shared/errors/errors.ts";
import { runToExit } from "../../support/context.ts";
import { exitStatus } from "../../support/exit-status.ts";
import { options } from "../../support/options.ts";
import { print, printJson } from "../../support/print.ts";

interface Options {
  readonly only?: readonly string[];
  readonly json?: boolean;
}
interface GuestOptions extends Options {
  readonly guestTools?: string;
  readonly memory?: number;
  readonly warm?: boolean;
}

/** `tinsmith conformance`. */
export function conformanceCommand(): Command {
  const command = new Command("conformance").description(
    "Check whether guest tools, or a MetaService, keep the rules of the protocol.",
  );
  command
    .command("guest")
    .description("Check the guest tools of an image: a run for each rule, after one boot.")
    .argument("[IMAGE]", "the image")
    .addOption(
      new Option(
        "--guest-tools <COMMAND>",
        "check these guest tools on this host, without a VM: a shell's command, with the MetaService's address in $TINSMITH_HOST",
      ),
    )
    .addOption(options.memory())
    .addOption(options.warm().conflicts("guestTools"))
    .addOption(only())
    .addOption(json())
    .action(checkGuestTools);
  command
    .command("service")
    .description("Check a MetaService that serves a task, and report the task's success to it.")
    .argument("<ADDRESS>", "its unix socket, or its URL")
    .option(
      "--act <COMMAND>",
      "a shell's command that asks the service for the action $ACTION; without it, actions are not checked",
    )
    .addOption(only())
    .addOption(json())
    .action(checkMetaService);
  return command.addHelpText(
    "after",
    `
Binding rules are for every peer; additions are Tinsmith's own. See docs/ci.md.

Exit status: 0 all binding rules were kept, 1 one was broken, 2 wrong usage, 5 trouble on this host.

Examples:
  $ tinsmith conformance guest worker.tar.lz4
  $ tinsmith conformance service http://127.0.0.1:8080/`,
  );
}

const only = () =>
  new Option("--only <RULE>", "check this rule; may be repeated").argParser(
    (text: string, before: readonly string[] = []) => [...before, text],
  );
const json = () => new Option("--json", "print the results as JSON, one a line, on stdout");

function checkGuestTools(image: string | undefined, given: GuestOptions): Promise<void> {
  return runToExit(async (signal) => {
    using cleanup = new DisposableStack();
    const guest = guestOf(image, given, cleanup);
    const context = { paths: findPaths(), signal, onEvent: () => {} };
    return await printAll(checkGuestRules(chosen(guestRules, given), guest, context), given);
  });
}

function guestOf(
  image: string | undefined,
  { guestTools, memory, warm: isWarm }: GuestOptions,
  cleanup: DisposableStack,
): ScenarioGuest {
  if (guestTools !== undefined && image === undefined) return { command: guestTools };
  if (guestTools === undefined && image !== undefined)
    return {
      archive: resolve(image),
      memory,
      isWarm,
      checkpoint: cleanup.use(createBootCheckpoint()),
    };
  throw new AppError({
    code: "usage",
    message: "tinsmith conformance guest needs either an image or a command of guest tools",
    advice: "Give an image, or --guest-tools COMMAND.",
  });
}

function checkMetaService(address: string, given: Options & { readonly act?: string }): Promise<void> {
  return runToExit(async (signal) => {
    const rules = chosen(serviceRules, given);
    // Requests may still wait when the check ends early.
    const end = new AbortController();
    const untilEnd = AbortSignal.any([signal, end.signal]);
    const service = createServiceClient(await findService(address, signal), untilEnd);
    const ask = given.act === undefined ? undefined : askByCommand(given.act, untilEnd);
    try {
      return await printAll(checkServiceRules(rules, service, ask), given);
    } finally {
      end.abort();
    }
  });
}

function chosen<Rule extends ProtocolRule>(rules: readonly Rule[], { only: ids }: Options): readonly Rule[] {
  const unknown = ids?.find((id) => !rules.some((rule) => rule.id === id));
  if (unknown === undefined) return ids ? rules.filter(({ id }) => ids.includes(id)) : rules;
  throw new AppError({
    code: "usage",
    message: `there is no rule ${unknown}`,
    advice: `Choose from ${rules.map(({ id }) => id).join(", ")}.`,
  });
}

/** Prints results as they come. @returns the exit status */
async function printAll(checked: AsyncIterable<RuleResult>, given: Options): Promise<number> {
  const results: RuleResult[] = [];
  for await (const result of checked) {
    results.push(result);
    if (given.json) printJson(result);
    else print(lineOf(result));
  }
  if (!given.json) print(summaryOf(results));
  return keepsProtocol(results) ? exitStatus.success : exitStatus.failed;
}

/** A row of the table: result, kind, id and sentence; below it the violation. */
function lineOf({ result, kind, id, sentence, source, seen }: RuleResult): string {
  const row = `${result.padEnd(10)}  ${kind.padEnd(8)}  ${id.padEnd(21)}  ${sentence} (${source})\n`;
  return `${row}${(seen ?? "")
    .split("\n")
    .map((line) => (line === "" ? "" : `            ${line}\n`))
    .join("")}`;
}

function summaryOf(results: readonly RuleResult[]): string {
  const count = (kind: RuleResult["kind"], result: RuleResult["result"]) =>
    results.filter((one) => one.kind === kind && one.result === result).length;
  const describe = (kind: RuleResult["kind"]) =>
    `${count(kind, "kept")} kept, ${count(kind, "broken")} broken, ${count(kind, "not-tested")} not tested`;
  return `binding rules: ${describe("binding")}\nadditions: ${describe("addition")}\n`;
}
