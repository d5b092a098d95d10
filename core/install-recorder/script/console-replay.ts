import { type ConsoleReader, createConsoleReader } from "../../autopilot/console/console-reader.ts";
import type { ConsoleView } from "../../autopilot/console/console-view.ts";
import { createScreenRows } from "../../autopilot/console/screen-rows.ts";
import { createSerialTerminal } from "../../autopilot/console/serial-terminal.ts";
import type { OutputEntry } from "../cast/recording-entry.ts";

/** A console that shows a recording, for the reader with which the autopilot waits: so both find the same. */
export interface ConsoleReplay extends Disposable {
  readonly reader: ConsoleReader;
  /** Makes a reader that knows what the reader knows now. It reads on by itself until `dropForks`. */
  fork(): ConsoleReader;
  dropForks(): void;
  /** Shows outputs, one after another. @param onShown called with the time of each piece, while just that is shown */
  show(entries: readonly OutputEntry[], onShown?: (time: number) => void): Promise<void>;
}

/** The terminal takes so much at once: characters. */
const batchCharacters = 256 * 1024;

export function createConsoleReplay(): ConsoleReplay {
  const reader = createConsoleReader();
  let forks: readonly ConsoleReader[] = [];
  const terminal = createSerialTerminal({
    erase: (place) => {
      for (const one of [reader, ...forks]) one.erase(place);
    },
  });
  const update = (view: ConsoleView) => {
    for (const one of [reader, ...forks]) one.update(view);
  };
  const rows = createScreenRows();
  return {
    reader,
    fork: () => {
      const fork = createConsoleReader();
      fork.restore(reader.state());
      forks = [...forks, fork];
      return fork;
    },
    dropForks: () => {
      forks = [];
    },
    show: async (entries, onShown) => {
      let waiting = 0;
      let last: Promise<void> | undefined;
      for (const entry of entries) {
        const { time } = entry;
        if (entry.kind === "screen") {
          update(rows.next(entry));
          onShown?.(time);
          continue;
        }
        last = terminal.write(Buffer.from(entry.text), () => {
          update(terminal.view());
          onShown?.(time);
        });
        waiting += entry.text.length;
        if (waiting < batchCharacters) continue;
        await last;
        waiting = 0;
      }
      await last;
    },
    [Symbol.dispose]: () => terminal[Symbol.dispose](),
  };
}
