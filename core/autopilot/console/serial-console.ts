import { once } from "node:events";
import type { Duplex } from "node:stream";
import type { GuestClock } from "../../time/guest-clock.ts";
import { createConsoleReader } from "./console-reader.ts";
import { createSerialTerminal } from "./serial-terminal.ts";
import { createTextConsole, type TextConsole } from "./text-console.ts";

interface SerialConsoleOptions {
  /** Counts the seconds of a wait. */
  readonly clock: Pick<GuestClock, "after">;
  /** The output of a guest that continues: the console has shown it before. */
  readonly shown?: string | undefined;
}

export interface SerialConsole extends TextConsole, Disposable {
  /** All that the console has shown, as far as it is kept. */
  output(): string;
}

/** So much of the output is kept for a guest that continues later, in characters. */
const keptCharacters = 64 * 1024;

/** Reads and types on a guest's serial port, until it is disposed of. */
export function createSerialConsole(serial: Duplex, options: SerialConsoleOptions): SerialConsole {
  const reader = createConsoleReader();
  const terminal = createSerialTerminal(reader);
  const decoder = new TextDecoder();
  const listeners = new Set<() => void>();
  let output = "";
  let isGone = false;

  const show = async (bytes: Uint8Array) => {
    output = (output + decoder.decode(bytes, { stream: true })).slice(-keptCharacters);
    await terminal.write(bytes, () => {
      if (isGone) return;
      reader.update(terminal.view());
      for (const listener of listeners) listener();
    });
  };
  const receive = (bytes: Buffer) => void show(bytes);
  if (options.shown) void show(Buffer.from(options.shown));
  serial.on("data", receive);

  const console = createTextConsole({
    complaint: "the serial console did not show",
    reader,
    clock: options.clock,
    onChange: (listener) => {
      listeners.add(listener);
      return { [Symbol.dispose]: () => void listeners.delete(listener) };
    },
    send: async (text, signal) => {
      if (!serial.write(text)) await once(serial, "drain", { signal });
    },
    remember: () => {
      const shown = output;
      const restoreTerminal = terminal.remember(shown);
      const restoreReader = reader.remember();
      return async () => {
        output = shown;
        await restoreTerminal();
        await restoreReader();
      };
    },
  });
  return {
    ...console,
    output: () => output,
    [Symbol.dispose]: () => {
      isGone = true;
      serial.off("data", receive);
      terminal[Symbol.dispose]();
    },
  };
}
