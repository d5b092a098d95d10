import { resolve } from "node:path";
import { Command } from "commander";
import { replaceGuestTools } from "../../../core/builder/replace-guest-tools.ts";
import { options } from "../../support/options.ts";
import { print, printNote } from "../../support/print.ts";
import { runWithGuest } from "./attached.ts";

interface Options {
  readonly session?: string;
  readonly recipe?: string;
}

/** `tinsmith replace-tools`. */
export function replaceToolsCommand(): Command {
  return new Command("replace-tools")
    .description("Build the guest tools, put them into a running guest, and restart them.")
    .addOption(options.session())
    .option(
      "--recipe <FOLDER>",
      "the image set whose recipe says how to build them; by default that of the session's image",
    )
    .action(({ recipe, ...session }: Options) =>
      runWithGuest(session, async (attached, signal) => {
        await replaceGuestTools(attached, {
          folder: recipe === undefined ? undefined : resolve(recipe),
          signal,
          onStep: printNote,
        });
        print("The new guest tools have started.\n");
        return undefined;
      }),
    )
    .addHelpText(
      "after",
      `
The new guest tools run the task again. The image is not changed.

Example:
  $ tinsmith replace-tools --recipe images/microcore`,
    );
}
