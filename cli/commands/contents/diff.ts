import { matchesGlob } from "node:path/posix";
import { Command, InvalidArgumentError, Option } from "commander";
import { compareContents, type ImagePair, pathInSecond } from "../../../core/contents/compare-images.ts";
import { diffTexts } from "../../../core/contents/diff-texts.ts";
import type { Contents } from "../../../core/contents/tree/contents.ts";
import { withinLimit } from "../../../core/contents/tree/work-limit.ts";
import type { CompareOptions, FileChange } from "../../../shared/contents/compare-lists.ts";
import { formatChange, formatGrowth } from "../../../shared/contents/describe-change.ts";
import type { MetadataKey } from "../../../shared/contents/entry.ts";
import { formatCount } from "../../../shared/text/format.ts";
import { runToExit } from "../../support/context.ts";
import { exitStatus } from "../../support/exit-status.ts";
import { print, printJson, printMessage, printNote } from "../../support/print.ts";
import { type ImagePath, parseImagePath } from "./image-path.ts";
import { type LookOptions, openContentsForPerson, yesOption } from "./open-contents-for-person.ts";

/** The parts of an entry that a person may want to ignore, by the words of the option. */
const ignorable = {
  times: ["modified"],
  owners: ["uid", "gid"],
  modes: ["mode"],
} as const satisfies Record<string, readonly MetadataKey[]>;

const ignoredParts: readonly string[] = [...Object.keys(ignorable), "expected"];
type Ignored = keyof typeof ignorable | "expected";

interface Options extends LookOptions {
  readonly ignore?: readonly Ignored[];
  readonly leaveOut?: readonly string[];
  readonly text?: boolean;
  readonly json?: boolean;
}

/** `tinsmith diff`. */
export function diffCommand(): Command {
  return new Command("diff")
    .description(
      "Compare the files of two images, or of a folder in each, also those in their archives, without booting anything.",
    )
    .argument(
      "<FIRST[:PATH]>",
      "an image, a disk, an ISO, an archive, a kept disk or a checkpoint, and a folder or file in it",
    )
    .argument("<SECOND[:PATH]>", "another one; PATH may be another one, too")
    .addOption(
      new Option(
        "--ignore <PART>",
        "differences that don't count: times, owners, modes, or those that two builds from the same may have; repeatable, or with commas",
      ).argParser(collectChoices),
    )
    .option(
      "--leave-out <PATTERN>",
      "paths that are not compared, such as /**/log/*; repeatable",
      (value: string, before?: readonly string[]) => collect(value, before),
    )
    .option("--text", "print how files of text differ")
    .option("--json", "print the comparison as JSON")
    .addOption(yesOption())
    .action((first: string, second: string, options: Options) =>
      runToExit(async (signal) => {
        const [inFirst, inSecond] = [parseImagePath(first), parseImagePath(second)];
        const open = ({ image }: ImagePath) =>
          openContentsForPerson(image, { ...options, readsAll: true }, signal);
        const find = async (name: string, contents: Contents, { image, path }: ImagePath) => {
          const from = await withinLimit(`finding ${path} in ${image}`, signal, () =>
            contents.find(path, { followsLink: true }),
          );
          return { name, contents, from };
        };
        await using before = await open(inFirst);
        await using after = await open(inSecond);
        const pair: ImagePair = [await find(first, before, inFirst), await find(second, after, inSecond)];
        const { comparison, problems } = await compareContents(pair, signal, compareOptions(options));
        const isCounted = ({ expected }: FileChange) =>
          expected === undefined || !options.ignore?.includes("expected");
        const changes = comparison.changes.filter(isCounted);
        if (options.json) printJson({ ...comparison, changes, problems }, 2);
        else {
          for (const change of changes) {
            print(`${formatChange(change)}\n`);
            if (options.text) print(await textOf(change, pair));
          }
          printMessage(`${describeTotal(changes, comparison.growth)}\n`);
        }
        for (const problem of options.json ? [] : problems) printNote(problem);
        return changes.length === 0 ? undefined : exitStatus.failed;
      }),
    )
    .addHelpText(
      "after",
      `
The paths are those in FIRST.
Exit status: 0 if the images have the same files, 1 if not.

Examples:
  $ tinsmith diff old.tar.lz4 images/microcore/microcore-worker.tar.lz4 --ignore times --ignore expected
  $ tinsmith diff old.tar.lz4:/tce/mydata.tar/opt new.tar.lz4:/tce/mydata.tar/opt
  $ tinsmith diff old.tcz new.tcz --text`,
    );
}

/** @throws InvalidArgumentError, as commander does for an option with choices */
function collectChoices(value: string, before: readonly string[] = []): readonly string[] {
  const values = value.split(",");
  if (!values.every((one) => ignoredParts.includes(one)))
    throw new InvalidArgumentError(`Allowed choices are ${ignoredParts.join(", ")}.`);
  return [...before, ...values];
}

/** Takes one more value of an option that may be given several times. */
function collect<Value>(value: Value, before: readonly Value[] | undefined): readonly Value[] {
  return [...(before ?? []), value];
}

function compareOptions({ ignore = [], leaveOut = [] }: Options): CompareOptions {
  return {
    ignored: ignore.flatMap((part) => (part === "expected" ? [] : ignorable[part])),
    leaveOut: (path) => leaveOut.some((pattern) => matchesGlob(path, pattern)),
  };
}

async function textOf({ path, change }: FileChange, pair: ImagePair): Promise<string> {
  if (change !== "changed") return "";
  const open = async ({ contents }: ImagePair[number], path: string) =>
    contents.open(await contents.find(path));
  const [before, after] = [await open(pair[0], path), await open(pair[1], pathInSecond(pair, path))];
  return (await diffTexts(path, before, after)) ?? "";
}

function describeTotal(changes: readonly FileChange[], growth: number): string {
  if (changes.length === 0) return "The images have the same files.";
  const count = (kind: FileChange["change"]) => changes.filter(({ change }) => change === kind).length;
  return [
    `${formatCount(changes.length, "difference")}: ${count("added")} added, ${count("removed")} removed, `,
    `${count("changed")} changed, ${count("metadata")} in metadata only; ${formatGrowth(growth)}`,
  ].join("");
}
