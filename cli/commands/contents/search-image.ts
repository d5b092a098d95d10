import { Command } from "commander";
import { describeEntry } from "../../../core/contents/describe-entry.ts";
import { search } from "../../../core/contents/search.ts";
import { withinLimit } from "../../../core/contents/tree/work-limit.ts";
import { formatEntry } from "../../../shared/contents/format-entry.ts";
import { maxFound } from "../../../shared/contents/search.ts";
import { formatCount } from "../../../shared/text/format.ts";
import { runToExit } from "../../support/context.ts";
import { exitStatus } from "../../support/exit-status.ts";
import { print, printJson, printMessage, printNote } from "../../support/print.ts";
import { parseImagePath } from "./image-path.ts";
import { type LookOptions, openContentsForPerson, yesOption } from "./open-contents-for-person.ts";

interface Options extends LookOptions {
  readonly content?: boolean;
  readonly json?: boolean;
}

/** `tinsmith search-image`. */
export function searchImageCommand(): Command {
  return new Command("search-image")
    .description(
      "Find files in an image by their names or contents, also in archives, without booting anything.",
    )
    .argument("<IMAGE[:PATH]>", "the image, and a folder in it below which to search")
    .argument(
      "<TEXT>",
      "a part of the name, a pattern such as '*.sh', or a part or pattern of a path, such as /opt/; upper and lower case count as the same",
    )
    .option("--content", "find the text in the contents of files instead, in just these letters")
    .option("--json", "print each file as a line of JSON")
    .addOption(yesOption())
    .action((what: string, text: string, options: Options) =>
      runToExit(async (signal) => {
        const { image, path } = parseImagePath(what);
        await using contents = await openContentsForPerson(image, { ...options, readsAll: true }, signal);
        const found = await withinLimit(`searching ${path} in ${image}`, signal, async () => {
          const part = options.content ? "contents" : "names";
          const places = search(contents, {
            from: await contents.find(path, { followsLink: true }),
            text,
            part,
          });
          let count = 0;
          for await (const place of places) {
            const entry = describeEntry(place);
            if (options.json) printJson(entry);
            else print(`${formatEntry(entry, entry.path)}\n`);
            count++;
          }
          return count;
        });
        if (found === maxFound)
          printNote(
            `The search ended when it had found ${formatCount(found, "file")}. Search in a folder, or for a longer text.`,
          );
        else if (found === 0 && !options.json) printMessage("No files found.\n");
        return found === 0 ? exitStatus.failed : undefined;
      }),
    )
    .addHelpText(
      "after",
      `
Exit status: 0 if a file was found, 1 if none was.

Examples:
  $ tinsmith search-image images/microcore/microcore-worker.tar.lz4 guest-tools
  $ tinsmith search-image images/microcore/microcore-worker.tar.lz4:/tce --content "exec /opt"`,
    );
}
