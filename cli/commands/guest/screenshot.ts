import { resolve } from "node:path";
import { Command } from "commander";
import { escapeName } from "../../../shared/text/escape-name.ts";
import { options } from "../../support/options.ts";
import { print } from "../../support/print.ts";
import { runAttached } from "./attached.ts";

/** `tinsmith screenshot`. */
export function screenshotCommand(): Command {
  return new Command("screenshot")
    .description("Write what the screen of a running virtual machine shows to a PNG file.")
    .argument("<FILE>", "a new file")
    .addOption(options.session())
    .action((file: string, given: { session?: string }) =>
      runAttached(given, async ({ api }) => {
        const target = resolve(file);
        await api.machine.screenshot({ target });
        print(`${escapeName(target)}\n`);
        return undefined;
      }),
    )
    .addHelpText("after", "\nQEMU before 7.1 writes PPM, whatever the file is called.");
}
