import { Argument, Command } from "commander";
import { type OffChoice, offChoices } from "../../../shared/session/build.ts";
import { options } from "../../support/options.ts";
import { runAttached } from "../guest/attached.ts";

/** `tinsmith choose`. */
export function chooseCommand(): Command {
  return new Command("choose")
    .description("Choose what to do with an installation by hand whose guest has shut down.")
    .addArgument(new Argument("<choice>", "pack its disk, boot it again, or discard it").choices(offChoices))
    .addOption(options.session())
    .action((choice: OffChoice, given: { session?: string }) =>
      runAttached(given, async (session, signal) => {
        await session.api.build.choose({ choice }, { signal });
        return undefined;
      }),
    )
    .addHelpText(
      "after",
      `
Example:
  $ tinsmith choose package --session 20261123-013803-0b71`,
    );
}
