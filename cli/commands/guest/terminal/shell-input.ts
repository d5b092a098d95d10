import type { ShellClient } from "../../../../shared/guest/shell-client.ts";
import type { Typed } from "./escape-sequence.ts";

const endOfInput = 0x04;
const lineFeed = 0x0a;

export interface ShellInputOptions {
  /** Whether the command has a terminal, in which an end of input is typed. */
  readonly tty: boolean;
  /** Splits the input. */
  readonly filter: (typed: Uint8Array) => Typed;
  /** Called when the person wants to leave. */
  readonly onLeave: () => void;
}

/** Passes a stream's data to a shell, no faster than the shell takes it, and then its end; until disposed. */
export function passInput(
  input: NodeJS.ReadStream,
  shell: Pick<ShellClient, "write" | "end">,
  { tty, filter, onLeave }: ShellInputOptions,
): Disposable {
  let isStopped = false;
  let last = lineFeed;
  const pass = async (typed: Uint8Array) => {
    input.pause();
    const { bytes, leaves } = filter(typed);
    last = bytes.at(-1) ?? last;
    await shell.write(bytes);
    if (leaves) onLeave();
    if (!isStopped) input.resume();
  };
  const onData = (typed: Uint8Array) => void pass(typed);
  // Within a line ^D only passes on the input so far: it takes a second one to end the input.
  const typedEnd = () => Uint8Array.from(last === lineFeed ? [endOfInput] : [endOfInput, endOfInput]);
  const onEnd = () => void (tty ? shell.write(typedEnd()) : shell.end());
  // A terminal that is gone has no more input either.
  input.on("data", onData).once("end", onEnd).on("error", onEnd);
  return {
    [Symbol.dispose]: () => {
      isStopped = true;
      input.off("data", onData).off("end", onEnd).pause();
    },
  };
}
