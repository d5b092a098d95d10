import { Command } from "commander";
import { deleteKept } from "../../../core/states/kept-checkpoints.ts";
import { findPaths } from "../../../core/storage/paths.ts";
import { machineStateNow } from "../../../core/vm/machine-state.ts";
import { type Checkpoint, proposeCheckpointName } from "../../../shared/checkpoint/checkpoint.ts";
import { formatBytes, formatTimeOfDay } from "../../../shared/text/format.ts";
import { argumentForShell } from "../../../shared/text/quote-for-shell.ts";
import { runToExit } from "../../support/context.ts";
import { exitStatus } from "../../support/exit-status.ts";
import { options } from "../../support/options.ts";
import { print, printJson, printList, printNote } from "../../support/print.ts";
import { runAttached } from "./attached.ts";
import { printKept, startCommand } from "./kept-checkpoint.ts";

interface Options {
  readonly session?: string;
  readonly json?: boolean;
  readonly kept?: boolean;
}

const help = `
A checkpoint has the disk, the memory and the devices of a moment. It is deleted with its virtual machine, unless it is
kept: then it is in the cache, and a new session starts from it with tinsmith checkpoint start. The guest is paused for a moment while one is made or restored. Go back ends the shells, downloads and exchanges that are open, and sets the
guest's clock if the guest tools run as root. A paused virtual machine stays paused.

Examples:
  $ tinsmith checkpoint make "before the update"
  $ tinsmith checkpoint go-back "before the update"`;

/** `tinsmith checkpoint`. */
export function checkpointCommand(): Command {
  const command = new Command("checkpoint").description(
    "Keep a moment of a running virtual machine, and go back to it.",
  );
  command
    .command("make")
    .description("Make a checkpoint of the present moment.")
    .argument("[NAME]", "its name; without one, checkpoint 1, checkpoint 2 and so on")
    .addOption(options.session())
    .option("--json", "print the checkpoint as JSON")
    .action((given: string | undefined, { json, ...session }: Options) =>
      runAttached(session, async ({ api }, signal) => {
        const name = given ?? proposeCheckpointName(await listNow(api.machine, signal));
        const made = await api.machine.makeCheckpoint({ name }, { signal });
        if (json) printJson(made);
        else print(`Made the checkpoint ${JSON.stringify(made.name)} (${formatBytes(made.size)}).\n`);
        return undefined;
      }),
    );
  command
    .command("list")
    .description("List the checkpoints, with the time and the size of each.")
    .addOption(options.session())
    .option("--kept", "list those of all sessions that are kept")
    .option("--json", "print the checkpoints as JSON, one a line")
    .action(({ json, kept, ...session }: Options) =>
      kept
        ? printKept(json)
        : runAttached(session, async ({ api }, signal) => {
            const checkpoints = await listNow(api.machine, signal);
            printList(checkpoints, { json, describe, none: "There are no checkpoints." });
            return undefined;
          }),
    );
  command
    .command("keep")
    .description("Keep a checkpoint of a run after the end of its virtual machine.")
    .argument("<NAME>", "the name of the checkpoint")
    .addOption(options.session())
    .action((name: string, session: Options) =>
      runAttached(session, async ({ api }, signal) => {
        const { notes } = await api.machine.keepCheckpoint({ name }, { signal });
        for (const note of notes) printNote(note);
        print(
          `The checkpoint ${JSON.stringify(name)} is kept: tinsmith checkpoint start ${argumentForShell(name)}\n`,
        );
        return undefined;
      }),
    );
  command.addCommand(startCommand());
  command
    .command("go-back")
    .description("Go back to a checkpoint, with the host's view of the guest's task.")
    .argument("<NAME>", "the name of the checkpoint")
    .addOption(options.session())
    .action((name: string, session: Options) =>
      runAttached(session, async ({ api }, signal) => {
        await api.machine.goBack({ name }, { signal });
        print(`The virtual machine went back to ${JSON.stringify(name)}.\n`);
        return undefined;
      }),
    );
  command
    .command("rename")
    .description("Rename a checkpoint.")
    .argument("<NAME>", "its present name")
    .argument("<NEW-NAME>", "its new name")
    .addOption(options.session())
    .action((name: string, newName: string, session: Options) =>
      runAttached(session, async ({ api }, signal) => {
        await api.machine.renameCheckpoint({ name, newName }, { signal });
        print(`The checkpoint ${JSON.stringify(name)} is now ${JSON.stringify(newName)}.\n`);
        return undefined;
      }),
    );
  command
    .command("delete")
    .description("Delete a checkpoint.")
    .argument("<NAME>", "the name of the checkpoint")
    .addOption(options.session())
    .option("--kept", "delete one that is kept")
    .action((name: string, { kept, ...session }: Options) =>
      kept
        ? runToExit(async () => {
            await deleteKept(findPaths(), name);
            print(`Deleted the kept checkpoint ${JSON.stringify(name)}.\n`);
            return exitStatus.success;
          })
        : runAttached(session, async ({ api }, signal) => {
            await api.machine.deleteCheckpoint({ name }, { signal });
            print(`Deleted the checkpoint ${JSON.stringify(name)}.\n`);
            return undefined;
          }),
    );
  return command.addHelpText("after", help);
}

async function listNow(
  machine: Parameters<typeof machineStateNow>[0],
  signal: AbortSignal,
): Promise<readonly Checkpoint[]> {
  const state = await machineStateNow(machine, signal);
  return state.status === "none" ? [] : (state.checkpoints ?? []);
}

function describe({ name, time, size }: Checkpoint): string {
  return `${formatTimeOfDay(time)}  ${formatBytes(size).padStart(9)}  ${name}`;
}
