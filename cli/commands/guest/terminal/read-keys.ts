import type { ReadStream } from "node:tty";

/** The character of Ctrl-C, which sends no signal while single keys are read. */
export const interruptKey = "\u0003";

/** Reads single keys from a terminal, until it is disposed of, which gives the terminal back. */
export function readKeys(input: ReadStream, onKey: (key: string) => void): Disposable {
  const onData = (data: Buffer) => {
    for (const key of data.toString()) onKey(key);
  };
  input.setRawMode(true).on("data", onData).resume();
  return {
    [Symbol.dispose]: () => {
      input.off("data", onData).pause();
      input.setRawMode(false);
    },
  };
}
