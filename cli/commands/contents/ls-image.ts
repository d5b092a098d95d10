import { Command } from "commander";
import { describeEntry } from "../../../core/contents/describe-entry.ts";
import { describePart, type PartContent } from "../../../core/contents/describe-part.ts";
import { type Contents, isDiskPart, type Place } from "../../../core/contents/tree/contents.ts";
import { childrenInOrder, walk } from "../../../core/contents/tree/walk.ts";
import { withinLimit } from "../../../core/contents/tree/work-limit.ts";
import { formatEntry } from "../../../shared/contents/format-entry.ts";
import { toAppError } from "../../../shared/errors/errors.ts";
import { formatBytes } from "../../../shared/text/format.ts";
import { runToExit } from "../../support/context.ts";
import { print, printJson, printNote } from "../../support/print.ts";
import { parseImagePath } from "./image-path.ts";
import { type LookOptions, openContentsForPerson, yesOption } from "./open-contents-for-person.ts";

interface Options extends LookOptions {
  readonly recursive?: boolean;
  readonly archives?: boolean;
  readonly json?: boolean;
}

/** `tinsmith ls-image`. */
export function lsImageCommand(): Command {
  return new Command("ls-image")
    .description("List the files in an image, a disk, an ISO or an archive, without booting anything.")
    .argument("<IMAGE[:PATH]>", "a file, a kept disk or a checkpoint, and a folder in it")
    .option("-R, --recursive", "list all folders below it, too, but not the files in archives")
    .option("--archives", "list all folders below it, and the files in archives")
    .option("--json", "print each entry as a line of JSON")
    .addOption(yesOption())
    .action((what: string, { recursive = false, archives = false, json = false, yes = false }: Options) =>
      runToExit(async (signal) => {
        const { image, path } = parseImagePath(what);
        const isRecursive = recursive || archives;
        await using contents = await openContentsForPerson(image, { yes, readsAll: isRecursive }, signal);
        await withinLimit(`listing ${path} in ${image}`, signal, async () => {
          const place = await contents.find(path);
          for await (const found of await list(contents, place, { isRecursive, archives })) {
            const entry = describeEntry(found);
            const part = await describePart(contents, found);
            if (json) printJson({ ...entry, ...part });
            else print(`${formatEntry(entry, isRecursive ? entry.path : entry.name)}${describeUse(part)}\n`);
          }
        });
        return undefined;
      }),
    )
    .addHelpText(
      "after",
      `
A file that holds files, such as .tcz, .tgz, an initrd or a partition, is a folder, too. Behind a partition is its type, its file
system with its label, and how much of that is used. A path is one from the top, or one in the
only file system of the image. A kept disk is named by the id of its session, whose build has failed, and a checkpoint as
checkpoint:NAME.

Examples:
  $ tinsmith ls-image images/microcore/microcore-worker.tar.lz4
  $ tinsmith ls-image images/microcore/microcore-worker.tar.lz4:/tce/mydata.tar/opt`,
    );
}

/** @throws AppError `usage` for a partition whose files can't be read */
async function list(
  contents: Contents,
  place: Place,
  { isRecursive, archives }: { readonly isRecursive: boolean; readonly archives: boolean },
): Promise<AsyncIterable<Place> | readonly Place[]> {
  // A partition whose files can't be read has no list.
  const isFolder = isDiskPart(place) || (await contents.enter(place));
  if (!isFolder) return [place];
  if (!isRecursive || !(await contents.enter(place))) return childrenInOrder(contents, place);
  const onProblem = (path: string, error: unknown) => {
    if (path === place.path) throw error;
    printNote(`${path} can't be read: ${toAppError(error).message}`);
  };
  return walk(contents, place, { levels: archives, onProblem });
}

/** The content of a partition behind its name: `: EFI system, FAT16 "BOOT", 3.1 MB of 33.6 MB used`. */
function describeUse(part: PartContent | undefined): string {
  if (!part) return "";
  const { type, system } = part;
  const label = system?.label ? ` "${system.label}"` : "";
  const size = system?.size === undefined ? "" : ` of ${formatBytes(system.size)}`;
  const words = [
    ...(type === undefined || type === system?.format ? [] : [type]),
    ...(system ? [`${system.format}${label}`] : []),
    ...(system?.used === undefined ? [] : [`${formatBytes(system.used)}${size} used`]),
  ];
  return words.length === 0 ? "" : `: ${words.join(", ")}`;
}
