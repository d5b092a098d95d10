import { Command } from "commander";
import { AppError } from "../../../shared/errors/errors.ts";
import { describeEmptyListing } from "../../../shared/guest/empty-listing.ts";
import { describeUnknownNames } from "../../../shared/guest/unknown-name.ts";
import { escapeName } from "../../../shared/text/escape-name.ts";
import { options } from "../../support/options.ts";
import { jsonLine, printNote } from "../../support/print.ts";
import { runWithGuest } from "./attached.ts";

interface Options {
  readonly session?: string;
  readonly json?: boolean;
  readonly null?: boolean;
}

/** `tinsmith ls`. */
export function lsCommand(): Command {
  return new Command("ls")
    .description("List the plain files in a folder of the guest's and in all folders below.")
    .argument("<PATH>", "a folder in the guest")
    .addOption(options.session())
    .option("--json", "print a JSON array of paths")
    .option("-0, --null", "end each path with a zero byte, for xargs -0: a name may hold a line break")
    .action((path: string, given: Options) =>
      runWithGuest(given, async (session, signal) => {
        const { files, notFound } = await session.api.guest.listFolder({ path }, { signal });
        if (notFound) throw noSuchFolder(path);
        process.stdout.write(format(files, given));
        const note = describeEmptyListing(path, files) ?? describeUnknownNames(files);
        if (note) printNote(note);
        return undefined;
      }),
    )
    .addHelpText(
      "after",
      `
Characters that a terminal would obey are shown as escapes, such as \\n; in a pipe all names are as they are.

Example:
  $ tinsmith ls /home/tc`,
    );
}

function format(files: readonly string[], { json, null: withZeros }: Options): string {
  if (json) return jsonLine(files, 2);
  if (withZeros) return files.map((file) => `${file}\0`).join("");
  return files.map((file) => `${process.stdout.isTTY ? escapeName(file) : file}\n`).join("");
}

function noSuchFolder(path: string): AppError {
  return new AppError({
    code: "guest-file-missing",
    message: `the guest has no folder ${escapeName(path)}`,
    advice: "tinsmith ls / lists all that there is.",
  });
}
