import { Command } from "commander";
import { findPaths } from "../../../core/storage/paths.ts";
import { formatChange } from "../../../shared/contents/describe-change.ts";
import type { Finding } from "../../../shared/library/verification.ts";
import { createProgress } from "../../support/build-progress.ts";
import { runToExit } from "../../support/context.ts";
import { exitStatus } from "../../support/exit-status.ts";
import { print, printJson, printNote } from "../../support/print.ts";
import { type LookOptions, mayUnpack, yesOption } from "./open-contents-for-person.ts";

interface Options extends LookOptions {
  readonly rebuild?: boolean;
  readonly inputs: boolean;
  readonly recipe?: string;
  readonly json?: boolean;
}

/** `tinsmith verify`. */
export function verifyCommand(): Command {
  return new Command("verify")
    .description("Compare an image with its manifest, and its inputs with those on disk now.")
    .argument("<IMAGE>", "image archive; its manifest is the file IMAGE.manifest.json beside it")
    .option("--rebuild", "build the image again by its recipe, to a temporary place, and compare the files")
    .option("--recipe <FOLDER>", "the image set; by default, the folder of the archive")
    .option("--no-inputs", "don't compare the inputs")
    .option("--json", "print the manifest and the findings as JSON")
    .addOption(yesOption())
    .action((image: string, { rebuild = false, inputs, recipe, json = false, yes }: Options) =>
      runToExit(async (signal) => {
        const { verifyImage } = await import("../../../core/builder/verify/verify-image.ts");
        using progress = rebuild && !json ? createProgress({}) : undefined;
        const verification = await verifyImage(image, {
          ...{ paths: findPaths(), signal, recipe, withInputs: inputs, rebuilds: rebuild },
          onNote: (text) => printNote(text),
          mayUnpack: (question) => mayUnpack(question, { yes }),
          onBuildEvent: (event) => progress?.onBuildEvent(event),
        });
        const { findings } = verification;
        if (json) printJson(verification, 2);
        else print(findings.map(describe).join(""));
        return findings.every(({ ok }) => ok) ? exitStatus.success : exitStatus.failed;
      }),
    )
    .addHelpText(
      "after",
      `
✓ it is as it should be, ✗ it is not.
Exit status: 0 if all is as it should be, 1 if not.

Examples:
  $ tinsmith verify images/microcore/microcore-worker.tar.lz4
  $ tinsmith verify images/microcore/microcore-worker.tar.lz4 --rebuild`,
    );
}

/** Files that are printed. `--json` has all. */
const shownFiles = 20;

function describe({ ok, text, advice, changes = [] }: Finding): string {
  const rest = changes.length - shownFiles;
  return [
    `${ok ? "✓" : "✗"} ${text}`,
    ...changes.slice(0, shownFiles).map((change) => `    ${formatChange(change)}`),
    ...(rest > 0 ? [`    ${rest} more`] : []),
    ...(advice === undefined ? [] : [`  ${advice}`]),
    "",
  ].join("\n");
}
