import { resolve } from "node:path";
import { Command, Option } from "commander";
import type { MetaServiceAddress } from "../core/meta/listen.ts";
import { findPaths } from "../core/paths.ts";
import { serveTask } from "../core/run/serve-task.ts";
import { AppError } from "../shared/errors.ts";
import { runToExit } from "./context.ts";
import { exitStatus } from "./exit-status.ts";
import { type Environment, options, wholeNumber } from "./options.ts";
import { createRunOutput } from "./run-output.ts";

interface Options {
  readonly socket?: string;
  readonly port?: number;
  readonly env?: Environment;
  readonly keepAlive?: boolean;
  readonly json?: boolean;
}

/** `tinsmith meta`. */
export function metaCommand(): Command {
  return new Command("meta")
    .description("Serve a task to guest tools that you start on this host, without a virtual machine.")
    .argument("<COMMAND...>", "the command that the guest tools are to run, and its arguments")
    .option("--socket <PATH>", "listen on a new unix socket")
    .addOption(
      new Option("--port <N>", "listen on this port of 127.0.0.1; 0 for one that is free")
        .argParser(wholeNumber(0, 65535, "a port"))
        .conflicts("socket"),
    )
    .addOption(options.env())
    .option("--keep-alive", "go on after the task's result, until Ctrl-C, for shell, ls, get and kill")
    .addOption(options.json())
    .action((command: string[], given: Options) =>
      runToExit(async (signal) => {
        const result = await serveTask(
          {
            listen: findAddress(given),
            task: { command, env: given.env ?? {} },
            keepAlive: given.keepAlive ?? false,
          },
          { paths: findPaths(), signal, ...createRunOutput(given, signal) },
        );
        return result === "success" ? exitStatus.success : exitStatus.failed;
      }),
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

function findAddress({ socket, port }: Options): MetaServiceAddress {
  if (socket !== undefined) return { socketPath: resolve(socket) };
  if (port !== undefined) return { port };
  throw new AppError({
    code: "usage",
    message: "meta needs to know where to listen",
    advice: "Add --port N, or --socket PATH.",
  });
}
