import { Command, Option } from "commander";
import { findPaths } from "../../../core/storage/paths.ts";
import packageJson from "../../../package.json" with { type: "json" };
import { type OptionalPart, optionalParts } from "../../../shared/app/export.ts";
import { formatBytes, formatCount } from "../../../shared/text/format.ts";
import { runToExit } from "../../support/context.ts";
import { print, printNote } from "../../support/print.ts";
import { findTarget } from "../guest/get-target.ts";

interface Options {
  readonly leaveOut: readonly OptionalPart[];
  readonly force?: boolean;
}

/** `tinsmith sessions export`. */
export function exportCommand(): Command {
  return new Command("export")
    .description("Write a session, running or ended, or a crash report into one file for a bug report.")
    .argument("<ID>", "the session, by the name of its folder, or the crash report")
    .argument("[FILE]", "where to put it: a new file, or a folder; without it, here as tinsmith-ID.tar.gz")
    .addOption(
      new Option("--leave-out <PART...>", "parts to leave out").choices(optionalParts).default([], "nothing"),
    )
    .option("--force", "replace an existing file, once the new one is whole")
    .action(exportSession)
    .addHelpText(
      "after",
      `
The values of the variables that were given to the run with --env, your home folder and user name, and what looks like
a credential are replaced. The guest's output may contain more: check the file before you send it.

Example:
  $ tinsmith sessions export 20261124-050313-d739 --leave-out serial screen`,
    );
}

function exportSession(
  id: string,
  file: string | undefined,
  { leaveOut, force = false }: Options,
): Promise<void> {
  return runToExit(async (signal) => {
    const [{ examineExport, writeExport }, { examineHost }, { findVersions }, { showTransfer }] =
      await Promise.all([
        import("../../../core/export/export.ts"),
        import("../../../core/doctor/doctor.ts"),
        import("../../../core/doctor/versions.ts"),
        import("../../support/transfer-progress.ts"),
      ]);
    const paths = findPaths();
    const { fileName } = await examineExport(paths, id);
    const target = findTarget(fileName, file, force);
    const versions = await findVersions(packageJson.version);
    const findings = await examineHost(paths, false);
    using progress = showTransfer(fileName);
    const { bytes, replaced } = await writeExport(
      { id, target, leaveOut, mayReplace: force },
      { paths, versions, findings, signal, onProgress: progress.update },
    );
    progress[Symbol.dispose]();
    print(`${target}: ${formatBytes(bytes)}\n`);
    for (const [what, count] of replaced) printNote(`Replaced ${what}: ${formatCount(count, "time")}.`);
    printNote("The guest's output may contain more: check the file before you send it.");
    return undefined;
  });
}
