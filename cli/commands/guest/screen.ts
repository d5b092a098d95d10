import { resolve } from "node:path";
import { Command } from "commander";
import { AppError } from "../../../shared/errors/errors.ts";
import { escapeName } from "../../../shared/text/escape-name.ts";
import { options } from "../../support/options.ts";
import { print, printJson } from "../../support/print.ts";
import { runAttached } from "./attached.ts";

interface Options {
  readonly session?: string;
  readonly text?: boolean;
  readonly json?: boolean;
}

/** `tinsmith screen`. */
export function screenCommand(): Command {
  return new Command("screen")
    .description("Save a picture of a running virtual machine's screen, or print its text.")
    .argument("[FILE]", "a new file for the picture, in PNG")
    .option("--text", "print the text on the screen")
    .option("--json", "with --text: print it as JSON, with the width of the screen in characters")
    .addOption(options.session())
    .action((file: string | undefined, given: Options) =>
      file === undefined ? printText(given) : savePicture(file, given),
    )
    .addHelpText(
      "after",
      `
The text of a VGA's text mode is exact. So is that of a console in a framebuffer, as long as it is in the font of the
guest's kernel; other pictures have no text. QEMU before 7.1 writes PPM, whatever the file is called.

Examples:
  $ tinsmith screen screen.png
  $ tinsmith screen --text`,
    );
}

async function printText(given: Options): Promise<void> {
  await runAttached(given, async ({ api }, signal) => {
    if (!given.text) throw nothingAsked();
    const screen = await api.machine.screenText(undefined, { signal });
    if (given.json) printJson(screen);
    else if (screen.kind === "graphics") throw noText();
    else print(`${screen.lines.join("\n").trimEnd()}\n`);
    return undefined;
  });
}

async function savePicture(file: string, given: Options): Promise<void> {
  await runAttached(given, async ({ api }, signal) => {
    if (given.text) throw nothingAsked();
    const target = resolve(file);
    await api.machine.screenshot({ target }, { signal });
    print(`${escapeName(target)}\n`);
    return undefined;
  });
}

function nothingAsked(): AppError {
  return new AppError({
    code: "usage",
    message: "tinsmith screen needs either a FILE for a picture or --text",
    advice: "Give one of them: tinsmith screen --text prints the text on the screen.",
  });
}

function noText(): AppError {
  return new AppError({
    code: "guest-action-failed",
    message: "the screen shows graphics: no text that Tinsmith can read",
    advice: "Save a picture of it: tinsmith screen FILE.",
  });
}
