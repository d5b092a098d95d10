import { resolve } from "node:path";
import { Command, Option } from "commander";
import { type MetaPlan, makePlan } from "../../../shared/contracts/plan.ts";
import { AppError } from "../../../shared/errors/errors.ts";
import { options, port } from "../../support/options.ts";
import { rulesOf } from "../../support/read-rules.ts";
import { runTaskToExit, type TaskOptions, taskOf } from "./task-command.ts";

interface Options extends TaskOptions {
  readonly socket?: string;
  readonly port?: number;
}

/** `tinsmith meta`. */
export function metaCommand(): Command {
  return new Command("meta")
    .description("Serve a task to guest tools that you start on this host, without a virtual machine.")
    .argument("<COMMAND...>", "the command that the guest tools are to run, and its arguments")
    .option("--socket <PATH>", "listen on a new unix socket")
    .addOption(
      new Option("--port <N>", "listen on this port of 127.0.0.1; 0 for one that is free")
        .argParser(port())
        .conflicts("socket"),
    )
    .addOption(options.env())
    .option("--keep-alive", "continue after the task's result, until Ctrl-C, for shell, ls, get and kill")
    .addOption(options.noTty())
    .addOption(options.exitStatus())
    .addOption(options.rules())
    .addOption(options.waitForWindow())
    .addOption(options.json())
    .action((command: string[], given: Options) =>
      runTaskToExit(given, () =>
        makePlan({
          kind: "meta",
          listen: findAddress(given),
          task: taskOf(command, given),
          keepAlive: given.keepAlive,
          rules: rulesOf(given),
        }),
      ),
    )
    .addHelpText(
      "after",
      `
For people who develop guest tools. Every process and user of this host can reach the port; the socket is yours alone.
The log goes to stdout, all else to stderr, and the exit status is that of tinsmith run.

Example:
  $ tinsmith meta --port 8080 -- sh -c 'echo hello'
  $ guest-tools --host 127.0.0.1:8080 run    # in another terminal`,
    );
}

function findAddress({ socket, port }: Options): MetaPlan["listen"] {
  if (socket !== undefined) return { socketPath: resolve(socket) };
  if (port !== undefined) return { port };
  throw new AppError({
    code: "usage",
    message: "tinsmith meta needs a port or a socket to listen on",
    advice: "Add --port N, or --socket PATH.",
  });
}
