import { resolve } from "node:path";
import { Command } from "commander";
import { escapeName } from "../../../shared/text/escape-name.ts";
import { options } from "../../support/options.ts";
import { print } from "../../support/print.ts";
import { runAttached } from "./attached.ts";

interface Options {
  readonly session?: string;
  readonly force?: boolean;
}

/** `tinsmith cd`. */
export function cdCommand(): Command {
  return new Command("cd")
    .description("Insert a CD into a running virtual machine, or eject it.")
    .addCommand(insertCommand())
    .addCommand(ejectCommand());
}

function insertCommand(): Command {
  return new Command("insert")
    .description("Insert an ISO, or a folder as a data CD, in place of what is in the drive.")
    .argument("<PATH>", "an ISO, or a folder, whose present content is put on the CD")
    .addOption(options.session())
    .option("--force", "even if the guest has locked the drive")
    .action((given: string, { force = false, ...session }: Options) =>
      runAttached(session, async ({ api }, signal) => {
        const path = resolve(given);
        await api.machine.insertCd({ path, force }, { signal });
        print(`In the CD drive: ${escapeName(path)}\n`);
        return undefined;
      }),
    )
    .addHelpText("after", "\nExample:\n  $ tinsmith cd insert images/tinycore");
}

function ejectCommand(): Command {
  return new Command("eject")
    .description("Eject the CD.")
    .addOption(options.session())
    .option("--force", "even if the guest has locked the drive")
    .action(({ force = false, ...session }: Options) =>
      runAttached(session, async ({ api }) => {
        await api.machine.ejectCd({ force });
        print("The CD drive is empty.\n");
        return undefined;
      }),
    );
}
