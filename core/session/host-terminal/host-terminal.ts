import { closeSync, openSync, writeSync } from "node:fs";
import { ignoreFullDisk } from "../../files/folders.ts";
import { createGrowingFile, type GrowingFile } from "../../files/logs/growing-file.ts";
import type { Argv, CommandRunner } from "../../process/run-command.ts";
import { runOnTerminal, type TerminalCommand, type TerminalCommandOptions } from "./terminal-command.ts";

interface RunnerOptions
  extends Pick<TerminalCommandOptions, "onLine" | "onUnfinishedLine" | "onWaiting" | "onExit" | "times"> {
  /** Called when a command has begun. */
  readonly onStarted?: (argv: Argv) => void;
  /** Ends the command that runs. */
  readonly signal: AbortSignal;
}

/** A terminal in which a session runs the host's own commands, so that they show their colours and progress. */
export interface HostTerminal extends Disposable {
  /** All output of the terminal. */
  readonly output: GrowingFile;
  /** Passes on the person's input to the running command, if there is one. */
  type(bytes: Uint8Array): Promise<void>;
  /** Tells that a person is there who could type, until it is disposed of. Without one, a command's input ends. */
  attend(): Disposable;
  /** A runner of commands, one after another. */
  runner(options: RunnerOptions): CommandRunner;
}

/** @param path of the file that the output is in */
export function createHostTerminal(path: string): HostTerminal {
  const output = createGrowingFile(path);
  const people = new Set<symbol>();
  let command: TerminalCommand | undefined;
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
  const isAttended = () => people.size > 0;
  return {
    output,
    type: async (bytes) => command?.type(bytes),
    attend: () => {
      const person = Symbol();
      people.add(person);
      return { [Symbol.dispose]: () => void people.delete(person) };
    },
    runner: (common) => async (argv, options) => {
      const onStart = (started: TerminalCommand) => {
        command = started;
        common.onStarted?.(argv);
      };
      try {
        return await runOnTerminal(argv, { ...common, ...options, write, isAttended, onStart });
      } finally {
        command = undefined;
      }
    },
    [Symbol.dispose]: () => {
      output.end();
      if (file !== undefined) closeSync(file);
    },
  };
}
