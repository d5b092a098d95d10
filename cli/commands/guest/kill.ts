import { Command } from "commander";
import { describeKill } from "../../../shared/guest/guest-action.ts";
import { options } from "../../support/options.ts";
import { print } from "../../support/print.ts";
import { runWithGuest } from "./attached.ts";

/** `tinsmith kill`. */
export function killCommand(): Command {
  return new Command("kill")
    .description("Let the guest tools kill the task and all processes that it has started.")
    .addOption(options.session())
    .action((given: { session?: string }) =>
      runWithGuest(given, async (session, signal) => {
        const outcome = await session.api.guest.killProcess(undefined, { signal });
        print(`${describeKill(outcome)}\n`);
        return undefined;
      }),
    )
    .addHelpText(
      "after",
      `
A task that has not started yet is killed when it does. The task's result is then failed.

Exit status: 0 the guest tools kill it, 1 it has ended already, 3 the guest did not answer.

Example:
  $ tinsmith kill --session 20261123-013803-0b71`,
    );
}
