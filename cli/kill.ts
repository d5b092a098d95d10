import { Command } from "commander";
import { runAttached } from "./attached.ts";
import { options } from "./options.ts";

/** `tinsmith kill`. */
export function killCommand(): Command {
  return new Command("kill")
    .description("Let the guest tools kill the task and all processes that it has started.")
    .addOption(options.session())
    .action((given: { session?: string }) =>
      runAttached(given, async (session, signal) => {
        await session.api.guest.killProcess(undefined, { signal });
        process.stdout.write("The guest tools are killing the task's processes.\n");
        return undefined;
      }),
    )
    .addHelpText(
      "after",
      `
A task that has not started yet is killed when it does. The task's result is then failed.

Example:
  $ tinsmith kill --session 20261123-013803-0b71`,
    );
}
