import { existsSync } from "node:fs";
import { constants as os } from "node:os";
import { resolve } from "node:path";
import type { TaskExit } from "../../../shared/guest/task-outcome.ts";
import { beforeForcedStop } from "../../async/process-end.ts";
import { LineSplitter } from "../../files/logs/line-splitter.ts";
import { findProgram } from "../../process/find-program.ts";
import { createProcessTree, endTree } from "../../process/process-tree.ts";
import {
  type Argv,
  type CommandRunner,
  commandFailed,
  commandInterrupted,
  environmentOf,
  missingTool,
  notExecutable,
  requireWorkingFolder,
} from "../../process/run-command.ts";
import { createHostInput, type HostInputOptions, waitedForInput } from "./host-input.ts";
import { shownLine } from "./shown-line.ts";

/** A command that runs on a terminal of its own. */
export interface TerminalCommand {
  /** Takes the person's input. */
  type(bytes: Uint8Array): void;
}

export interface TerminalCommandOptions
  extends Omit<HostInputOptions, "command">,
    NonNullable<Parameters<CommandRunner>[1]> {
  /** Takes its output. */
  readonly write: (bytes: Uint8Array) => void;
  /** Takes each line that it prints, as plain text. */
  readonly onLine: (line: string) => void;
  /** Takes, as plain text, the line that it has not ended yet; its terminal's echo is a part of that. */
  readonly onUnfinishedLine?: (line: string) => void;
  /** Called when it can be typed into. */
  readonly onStart: (command: TerminalCommand) => void;
  /** Called when it has ended and all its lines were handed on. */
  readonly onExit?: (exit: TaskExit) => void;
}

/** The size that most programs expect by default, and wide enough for a compiler's messages. */
const size = { cols: 100, rows: 24 } as const;
/** Has the kernel kill a command when this process dies; on Linux only. */
const guard = ["setpriv", "--pdeathsig", "KILL", "--"] as const;

/**
 * Runs a command to its end on a terminal. When the signal aborts, all its processes get SIGTERM, and those that are left
 * after the grace SIGKILL. When this process is killed, the kernel kills the command, and hangs up its terminal.
 *
 * @returns its lines, as plain text
 * @throws AppError as `runCommand` does; `command-failed` when it waits for input, and nobody is there to type
 */
export async function runOnTerminal(argv: Argv, options: TerminalCommandOptions): Promise<string> {
  const { cwd, signal, write, onLine, onUnfinishedLine = () => {} } = options;
  const [program] = argv;
  if (signal?.aborted) throw commandInterrupted(program);
  if (cwd !== undefined) requireWorkingFolder(cwd);
  // A terminal's child can't tell that its program is not there.
  if (findProgram(program, cwd) === undefined)
    throw program.includes("/") && existsSync(resolve(cwd ?? ".", program))
      ? notExecutable(program)
      : missingTool(program);
  write(Buffer.from(`\x1b[2m$ ${argv.join(" ")}\x1b[0m\r\n`));
  const lines: string[] = [];
  const splitter = new LineSplitter((line) => {
    const text = shownLine(line);
    lines.push(text);
    onLine(text);
  });
  // It is native code, which most commands do without.
  const { spawn } = await import("node-pty");
  const [guarded, ...args] = findProgram(guard[0]) ? [...guard, ...argv] : argv;
  const pty = spawn(guarded, args, {
    ...size,
    name: "xterm-256color",
    encoding: null,
    cwd: cwd ?? process.cwd(),
    env: environmentOf(options),
  });
  const tree = createProcessTree(pty.pid);
  // Its types know text only, and it takes bytes.
  const type = (bytes: Uint8Array) => pty.write(Buffer.from(bytes) as unknown as string);
  using input = createHostInput(tree, type, { ...options, command: argv.join(" ") });
  using _lastAct = beforeForcedStop(program, () => tree.signal("SIGKILL"));
  // With that encoding it gives bytes, unlike its types.
  pty.onData((data: string | Uint8Array) => {
    const bytes = Buffer.from(data);
    write(bytes);
    splitter.push(bytes);
    onUnfinishedLine(shownLine(splitter.unfinished));
    input.printed(bytes);
  });
  options.onStart({ type: input.type });
  let ended: Promise<void> | undefined;
  const end = () => {
    ended ??= endTree(tree);
  };
  input.onGivenUp(end);
  signal?.addEventListener("abort", end, { once: true });
  const exit = await new Promise<{ exitCode: number; signal?: number }>((settle) => pty.onExit(settle));
  signal?.removeEventListener("abort", end);
  await ended;
  splitter.end();
  onUnfinishedLine("");
  options.onExit?.(
    exit.signal ? { status: 128 + exit.signal, signal: exit.signal } : { status: exit.exitCode },
  );
  if (signal?.aborted) throw commandInterrupted(program);
  const how = exit.signal
    ? `was ended by ${signalName(exit.signal)}`
    : exit.exitCode !== 0
      ? `failed with exit status ${exit.exitCode}`
      : undefined;
  if (input.hasGivenUp()) throw waitedForInput(argv, "It was ended.", lines);
  if (how && input.hasEndedInput()) throw waitedForInput(argv, `Its input was ended, and it ${how}.`, lines);
  if (how) throw commandFailed(argv, how, lines);
  return lines.join("\n");
}

function signalName(number: number): string {
  return Object.entries(os.signals).find(([, one]) => one === number)?.[0] ?? `signal ${number}`;
}
