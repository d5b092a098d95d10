import { Command } from "commander";
import { findPaths } from "../core/paths.ts";
import { runTask } from "../core/run/run-task.ts";
import { runToExit } from "./context.ts";
import { exitStatus } from "./exit-status.ts";
import { type Environment, options } from "./options.ts";
import { createRunOutput } from "./run-output.ts";

interface Options {
  readonly env?: Environment;
  readonly keepAlive?: boolean;
  readonly vnc?: number;
  readonly memory?: number;
  readonly timeout?: number;
  readonly internet?: boolean;
  readonly json?: boolean;
}

/** `tinsmith run`. */
export function runCommand(): Command {
  return new Command("run")
    .description("Boot an image and let its guest tools run a command; its log goes to stdout.")
    .argument("<IMAGE>", "image archive; it is not changed")
    .argument("<COMMAND...>", "the command and its arguments")
    .addOption(options.env())
    .option(
      "--keep-alive",
      "leave the guest running after the command, until Ctrl-C, for shell, ls, get and kill",
    )
    .addOption(options.vnc())
    .addOption(options.memory())
    .addOption(options.timeout())
    .addOption(options.internet())
    .addOption(options.json())
    .action(run)
    .addHelpText(
      "after",
      `
Exit status: 0 the command succeeded, 1 it failed, 2 wrong usage or a file that is not right, 3 the guest tools were
lost, 4 the time was up, 5 trouble on this host, 130 or 143 interrupted.

While a shell is open or a file is being copied out, the guest is left running after its result.

Example:
  $ tinsmith run images/microcore/microcore-worker.tar.lz4 --env NAME=world -- sh -c 'echo hello $NAME'`,
    );
}

function run(archive: string, command: string[], given: Options): Promise<void> {
  return runToExit(async (signal) => {
    const result = await runTask(
      {
        archive,
        task: { command, env: given.env ?? {} },
        keepAlive: given.keepAlive ?? false,
        internet: given.internet,
        memory: given.memory,
        timeout: given.timeout,
        vncPort: given.vnc,
      },
      { paths: findPaths(), signal, ...createRunOutput(given, signal) },
    );
    return result === "success" ? exitStatus.success : exitStatus.failed;
  });
}
