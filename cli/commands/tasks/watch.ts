import { resolve } from "node:path";
import type { ReadStream } from "node:tty";
import { Command, Option } from "commander";
import { performPlan } from "../../../core/plan/perform-plan.ts";
import { findPaths } from "../../../core/storage/paths.ts";
import { makePlan } from "../../../shared/contracts/plan.ts";
import { runToExit } from "../../support/context.ts";
import { exitStatus } from "../../support/exit-status.ts";
import { options } from "../../support/options.ts";
import { usualSet } from "../../support/usual-set.ts";
import { readWatchKeys } from "./watch-keys.ts";
import { createWatchOutput } from "./watch-output.ts";

interface Options {
  readonly recipe?: string;
  readonly run?: string;
  readonly scenario?: string[];
  readonly memory?: number;
  readonly timeout?: number;
  readonly notify?: boolean;
  readonly json?: boolean;
}

/** `tinsmith watch`. */
export function watchCommand(): Command {
  return new Command("watch")
    .description("Check each saved change of guest tools, CD files or the recipe on a VM, until you quit.")
    .addOption(options.recipe())
    .addOption(
      new Option("--run <COMMAND>", "the command of each check, which a shell of the guest runs").conflicts(
        "scenario",
      ),
    )
    .option("--scenario <FILE...>", "the scenarios of each check")
    .addOption(options.memory())
    .addOption(options.timeout())
    .option("--notify", "tell the terminal of each changed verdict (OSC 9), for a desktop notification")
    .addOption(options.json())
    .action((given: Options) =>
      runToExit(async (signal) => {
        await watch(given, signal, process.stdin);
        return exitStatus.success;
      }),
    )
    .addHelpText(
      "after",
      `
When a file is saved, a round begins; a round that is under way is cancelled first. Its fast verdict comes from a saved
state of a worker image, in which the guest tools are replaced. Its true verdict follows: Tinsmith rebuilds the worker
image, and boots it. Without --run and --scenario, the guest tools have to ask for an empty task and report its result.

Keys, in a terminal: r or Enter begins another round, q or Ctrl-C quits.

Exit status: 0 after q, Ctrl-C or SIGTERM, whatever the verdicts were; 2 wrong usage or an invalid file, 5 trouble on
this host, 141 nothing reads the output any more.

Examples:
  $ tinsmith watch --run 'echo hello'
  $ tinsmith watch --recipe images/mine --scenario images/mine/scenarios/*.yaml`,
    );
}

/**
 * Watches until the signal aborts, or the person quits.
 *
 * @param input the terminal with the person's keys
 */
export async function watch(given: Options, signal: AbortSignal, input: ReadStream): Promise<void> {
  const { run, scenario, memory, timeout } = given;
  const paths = findPaths();
  const plan = makePlan({
    kind: "watch",
    folder: resolve(given.recipe ?? usualSet(paths)),
    ...(run !== undefined && { task: { command: ["sh", "-c", run] } }),
    ...(scenario && { scenarios: scenario.map((file) => resolve(file)) }),
    ...{ memory, timeout },
  });
  using output = createWatchOutput(given);
  using keys = readWatchKeys(given.json ? undefined : input);
  const own = AbortSignal.any([signal, keys.quit]);
  await performPlan(plan, {
    ...{ paths, signal: own },
    onWatchEvent: output.onEvent,
    onRounds: keys.control,
  });
}
