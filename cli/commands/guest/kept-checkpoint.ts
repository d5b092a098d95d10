import { basename } from "node:path";
import { Command } from "commander";
import { listKept, planFromKept } from "../../../core/states/kept-checkpoints.ts";
import { findPaths } from "../../../core/storage/paths.ts";
import type { KeptCheckpoint } from "../../../shared/checkpoint/checkpoint.ts";
import { formatBytes, formatDate } from "../../../shared/text/format.ts";
import { runToExit } from "../../support/context.ts";
import { exitStatus } from "../../support/exit-status.ts";
import { options } from "../../support/options.ts";
import { printList } from "../../support/print.ts";
import { runTaskToExit, type TaskOptions } from "../tasks/task-command.ts";

interface Options extends TaskOptions {
  readonly vnc?: number;
  readonly timeout?: number;
}

/** `tinsmith checkpoint start`. */
export function startCommand(): Command {
  return new Command("start")
    .description("Start a run that continues from a kept checkpoint.")
    .argument("<NAME>", "the name of the kept checkpoint")
    .option("--keep-alive", "leave the guest running after the task, until Ctrl-C")
    .addOption(options.exitStatus())
    .addOption(options.vnc())
    .addOption(options.timeout())
    .addOption(options.json())
    .action(start)
    .addHelpText(
      "after",
      `
The guest continues with its disk, memory and task, and in a session of its own: the log begins at the checkpoint, the
time-out begins again, and it has no rules at first: tinsmith rules add adds them. Connections that were open in the checkpoint end.`,
    );
}

/** Prints the kept checkpoints of all sessions. */
export function printKept(json = false): Promise<void> {
  return runToExit(async () => {
    const all = await listKept(findPaths());
    const width = Math.max(...all.map(({ archive }) => basename(archive).length));
    const describe = ({ name, time, size, session, archive }: KeptCheckpoint) =>
      `${formatDate(time)}  ${formatBytes(size).padStart(9)}  ${session}  ${basename(archive).padEnd(width)}  ${name}`;
    printList(all, { json, describe, none: "No checkpoints are kept." });
    return exitStatus.success;
  });
}

async function start(name: string, given: Options): Promise<void> {
  const { keepAlive, timeout, vnc: vncPort } = given;
  await runTaskToExit(given, () => planFromKept(findPaths(), name, { keepAlive, timeout, vncPort }));
}
