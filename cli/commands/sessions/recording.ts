import { resolve } from "node:path";
import { Command } from "commander";
import { findPaths } from "../../../core/storage/paths.ts";
import { formatCount } from "../../../shared/text/format.ts";
import { runToExit } from "../../support/context.ts";
import { print, printNote } from "../../support/print.ts";

/** `tinsmith sessions recording`. */
export function recordingCommand(): Command {
  return new Command("recording")
    .description(
      "Write what a session has shown: its serial console as an asciicast, its screen as PNG files.",
    )
    .argument("<ID>", "the session, by the name of its folder")
    .argument("[FOLDER]", "a new folder; without it, tinsmith-ID-recording here")
    .action((id: string, folder = `tinsmith-${id}-recording`) =>
      runToExit(async (signal) => {
        const { writeRecording } = await import("../../../core/recording/write-recording.ts");
        const target = resolve(folder);
        const { serial, pictures, notes } = await writeRecording(findPaths(), id, target, signal);
        print(`${serial}\n${formatCount(pictures, "picture")} of the screen\n`);
        for (const note of notes) printNote(note);
        return undefined;
      }),
    )
    .addHelpText(
      "after",
      `
asciinema plays serial.cast. Each picture is named by its number and its time since the session's start.

Example:
  $ tinsmith sessions recording 20261124-050313-d739 recording`,
    );
}
