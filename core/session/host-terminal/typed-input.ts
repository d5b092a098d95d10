import type { Readable } from "node:stream";
import type { CommandRunner } from "../../process/run-command.ts";
import type { HostTerminal } from "./host-terminal.ts";

/** The terminal of a person who can answer the host's commands. */
export interface PersonalTerminal {
  /** The person's input. */
  readonly keys: Readable;
  /** Makes the terminal pass on each key at once and show none, until disposed of. */
  hideKeys(): Disposable;
  /** Shows the line that a command has not ended: its question, and the keys as the command's terminal shows them. */
  showLine(line: string): void;
}

/** Passes on a person's input to the running command of a host terminal. Disposing it releases the input. */
export interface TypedInput extends Disposable {
  /** Reads the input, or leaves it alone: only a command that waits gets it. */
  listen(isWanted: boolean): void;
  /**
   * Hides the keys while a command runs: only the command's own terminal shows them, so a password that it asks for is
   * never shown. The keys are hidden before it waits for input, since a person may type earlier.
   */
  hideWhile(run: CommandRunner): CommandRunner;
}

/** @param input where the person types, who counts as being there; nobody without it */
export function typeFrom(
  input: PersonalTerminal | undefined,
  host: Pick<HostTerminal, "type" | "attend">,
): TypedInput {
  if (!input) return { listen: () => {}, hideWhile: (run) => run, [Symbol.dispose]: () => {} };
  const { keys } = input;
  const attended = host.attend();
  const receive = (bytes: Uint8Array) => void host.type(bytes);
  const listen = (isWanted: boolean) => {
    keys.off("data", receive);
    if (isWanted) keys.on("data", receive).resume();
    // Or its reading would keep the process from ending.
    else keys.pause();
  };
  // The person has ended the input, or is gone.
  const end = () => attended[Symbol.dispose]();
  keys.once("end", end);
  return {
    listen,
    hideWhile: (run) => async (argv, options) => {
      using _hidden = input.hideKeys();
      return await run(argv, options);
    },
    [Symbol.dispose]: () => {
      listen(false);
      keys.off("end", end);
      end();
    },
  };
}
