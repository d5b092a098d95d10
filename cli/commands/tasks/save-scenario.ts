import { resolve } from "node:path";
import { Command } from "commander";
import { requireNewFile } from "../../../core/files/writing/new-target.ts";
import { replaceFile } from "../../../core/files/writing/replace-file.ts";
import { saveScenario } from "../../../core/scenario/save/save-scenario.ts";
import { requireRecord } from "../../../core/session-record/require-session.ts";
import { findPaths } from "../../../core/storage/paths.ts";
import { runToExit } from "../../support/context.ts";
import { print, printNote } from "../../support/print.ts";

/** `tinsmith scenario save`. */
export function saveScenarioCommand(): Command {
  return new Command("save")
    .description("Save a session as a scenario, so that a fault that was found by hand becomes a test.")
    .argument("<SESSION>", "the id of a session, as tinsmith sessions --all lists it")
    .argument("<FILE>", "the scenario file to write")
    .action((id: string, file: string) =>
      runToExit(async () => {
        const target = resolve(file);
        requireNewFile(target);
        const { text, leftOut } = await saveScenario(requireRecord(findPaths(), id), id);
        replaceFile(target, () => text);
        print(`${target}\n`);
        for (const note of leftOut) printNote(note);
        return undefined;
      }),
    );
}
