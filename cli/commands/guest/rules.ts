import { Command, Option } from "commander";
import { readRules } from "../../../core/image-set/read-rules.ts";
import { describeRule } from "../../../shared/rules/describe-rule.ts";
import { options } from "../../support/options.ts";
import { printList } from "../../support/print.ts";
import { runAttached } from "./attached.ts";

interface Options {
  readonly session?: string;
  readonly json?: boolean;
}

/** `tinsmith rules`. */
export function rulesCommand(): Command {
  const command = new Command("rules").description(
    "List, add or remove the rules for the messages between guest and host of a running session.",
  );
  command
    .command("list")
    .description("List the rules, and the number of messages that each applied to.")
    .addOption(options.session())
    .addOption(new Option("--json", "print the rules as JSON, one a line"))
    .action((given: Options) =>
      runAttached(given, async ({ api }, signal) => {
        const { rules } = await api.rules.list(undefined, { signal });
        printList(rules, { ...given, describe: describeRule, none: "The session has no rules." });
        return undefined;
      }),
    );
  command
    .command("add")
    .description("Add the rules of a file.")
    .argument("<FILE>", "a file of rules")
    .addOption(options.session())
    .action((file: string, given: Options) =>
      runAttached(given, async ({ api }, signal) => {
        const { rules } = readRules(file);
        await api.rules.add({ rules }, { signal });
        return undefined;
      }),
    );
  command
    .command("remove")
    .description("Remove rules, all or none, and release what they hold.")
    .argument("<NAME...>", "the names of the rules")
    .addOption(options.session())
    .action((names: string[], given: Options) =>
      runAttached(given, async ({ api }, signal) => {
        await api.rules.remove({ name: names }, { signal });
        return undefined;
      }),
    );
  return command.addHelpText(
    "after",
    `
Rules hold, change, delay, cut, drop or answer messages: see docs/rules.md.

Examples:
  $ tinsmith rules list --session 20261123-013803-0b71
  $ tinsmith rules add rules.yaml
  $ tinsmith rules remove "lost listing"`,
  );
}
