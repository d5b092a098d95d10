import { accessSync, closeSync, constants, openSync, statSync, writeSync } from "node:fs";
import { constants as os } from "node:os";
import { delimiter, resolve } from "node:path";
import stripAnsi from "strip-ansi";
import { ignoreFullDisk } from "../files/files.ts";
import { createGrowingFile, type GrowingFile } from "../files/growing-file.ts";
import { LineSplitter } from "../files/lines.ts";
import { type Argv, type CommandRunner, commandFailed, commandInterrupted, missingTool } from "../process.ts";

/** Where a session runs the host's own commands: a terminal, so that they show their colours and progress. */
export interface HostTerminal extends Disposable {
  /** All that was printed on it. */
  readonly output: GrowingFile;
  /**
   * A runner of commands, one after another.
   *
   * @param signal ends the command that runs.
   * @param onLine called with each line that they print, as plain text.
   */
  runner(signal: AbortSignal, onLine: (line: string) => void): CommandRunner;
}

/** What most programs expect when nobody says otherwise, and wide enough for a compiler's messages. */
const size = { cols: 100, rows: 24 } as const;
/** A character that ends a terminal's input: nobody types into this one, and no program shall wait for that. */
const endOfInput = "\x04";

/** @param path of the file that the output is in */
export function createHostTerminal(path: string): HostTerminal {
  const output = createGrowingFile(path);
  let file: number | undefined;
  const write = (bytes: Uint8Array) => {
    file ??= openSync(path, "a", 0o600);
    try {
      writeSync(file, bytes);
    } catch (error) {
      ignoreFullDisk(error);
    }
    output.grown();
  };
  return {
    output,
    runner: (signal, onLine) => (argv, options) => runOnTerminal(argv, { signal, ...options, write, onLine }),
    [Symbol.dispose]: () => {
      output.end();
      if (file !== undefined) closeSync(file);
    },
  };
}

interface TerminalRun extends NonNullable<Parameters<CommandRunner>[1]> {
  readonly write: (bytes: Uint8Array) => void;
  readonly onLine: (line: string) => void;
}

async function runOnTerminal(argv: Argv, { cwd, env, signal, write, onLine }: TerminalRun): Promise<void> {
  const [program, ...args] = argv;
  if (signal?.aborted) throw commandInterrupted(program);
  if (!isFound(program, cwd)) throw missingTool(program);
  write(Buffer.from(`\x1b[2m$ ${argv.join(" ")}\x1b[0m\r\n`));
  const lines: string[] = [];
  const splitter = new LineSplitter((line) => {
    const text = stripAnsi(line);
    lines.push(text);
    onLine(text);
  });
  // It is native code, which most commands do without.
  const { spawn } = await import("node-pty");
  const pty = spawn(program, args, {
    ...size,
    name: "xterm-256color",
    encoding: null,
    cwd: cwd ?? process.cwd(),
    env: { ...process.env, ...env },
  });
  // With that encoding it hands on bytes, whatever its types say.
  pty.onData((data: string | Uint8Array) => {
    const bytes = Buffer.from(data);
    write(bytes);
    splitter.push(bytes);
  });
  pty.write(endOfInput);
  const end = () => pty.kill("SIGTERM");
  signal?.addEventListener("abort", end, { once: true });
  const exit = await new Promise<{ exitCode: number; signal?: number }>((settle) => pty.onExit(settle));
  signal?.removeEventListener("abort", end);
  splitter.end();
  if (signal?.aborted) throw commandInterrupted(program);
  if (exit.signal) throw commandFailed(argv, `was ended by ${signalName(exit.signal)}`, lines);
  if (exit.exitCode !== 0) throw commandFailed(argv, `failed with exit status ${exit.exitCode}`, lines);
}

/** A terminal's child can't tell that its program is not there. */
function isFound(program: string, cwd = process.cwd()): boolean {
  const folders = program.includes("/") ? [cwd] : (process.env.PATH ?? "").split(delimiter);
  return folders.some((folder) => isProgram(resolve(folder, program)));
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function signalName(number: number): string {
  return Object.entries(os.signals).find(([, one]) => one === number)?.[0] ?? `signal ${number}`;
}
