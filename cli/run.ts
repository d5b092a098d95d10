import { once } from "node:events";
import { Command, InvalidArgumentError } from "commander";
import { findPaths } from "../core/paths.ts";
import { type RunContext, runTask } from "../core/run-task.ts";
import { assertNever } from "../shared/errors.ts";
import type { RunEvent } from "../shared/run.ts";
import { runToExit } from "./context.ts";
import { exitStatus } from "./exit-status.ts";
import { options } from "./options.ts";

type Environment = Readonly<Record<string, string>>;

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
    .option("--env <NAME=VALUE>", "a variable of the command's environment; may be repeated", addVariable)
    .option("--keep-alive", "leave the guest running after the command, until Ctrl-C")
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

Example:
  $ tinsmith run images/microcore/microcore-worker.tar.lz4 --env NAME=world -- sh -c 'echo hello $NAME'`,
    );
}

function addVariable(text: string, variables: Environment = {}): Environment {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError("It must be NAME=VALUE.");
  return { ...variables, [name]: value };
}

function run(archive: string, command: string[], given: Options): Promise<void> {
  return runToExit(async (signal) => {
    const show = given.json ? showAsJson(signal) : showAsText(given, signal);
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
      { paths: findPaths(), signal, ...show },
    );
    return result === "success" ? exitStatus.success : exitStatus.failed;
  });
}

type Show = Pick<RunContext, "onEvent" | "onLog">;

/** The task's log, byte for byte, on stdout; all else on stderr. */
function showAsText({ keepAlive }: Options, signal: AbortSignal): Show {
  return {
    onEvent: (event) => {
      const line = describeEvent(event, keepAlive);
      if (line) process.stderr.write(`${line}\n`);
    },
    onLog: (bytes) => writeToStdout(bytes, signal),
  };
}

function describeEvent(event: RunEvent, keepAlive = false): string | undefined {
  switch (event.type) {
    case "run-started":
      return `session ${event.session}`;
    case "note":
      return `note: ${event.text}`;
    case "guest-tools-started":
      return "the guest tools have started";
    case "task-result": {
      const result = event.result === "success" ? "the task succeeded" : "the task failed";
      return keepAlive ? `${result}; the guest is left running, Ctrl-C ends it` : result;
    }
    case "run-finished":
    case "run-failed":
      return undefined;
    default:
      return assertNever(event);
  }
}

/** Events and pieces of the log as JSON, one a line, on stdout. */
function showAsJson(signal: AbortSignal): Show {
  const decoder = new TextDecoder();
  return {
    onEvent: (event) => void process.stdout.write(`${JSON.stringify(event)}\n`),
    onLog: (bytes) => {
      const text = decoder.decode(bytes, { stream: true });
      return writeToStdout(`${JSON.stringify({ time: Date.now(), type: "task-log", text })}\n`, signal);
    },
  };
}

/** Waits while stdout is full, so that a slow reader slows the guest and nothing piles up here. */
async function writeToStdout(data: Uint8Array | string, signal: AbortSignal): Promise<void> {
  if (!process.stdout.write(data)) await once(process.stdout, "drain", { signal });
}
