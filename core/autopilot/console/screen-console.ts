import { setTimeout as delay } from "node:timers/promises";
import type { ScreenText } from "../../../shared/screen/screen-text.ts";
import type { GuestClock } from "../../time/guest-clock.ts";
import { createConsoleReader } from "./console-reader.ts";
import { createScreenRows } from "./screen-rows.ts";
import { createTextConsole, type TextConsole } from "./text-console.ts";
import { eraseCharacter, eraseLine, returnKey } from "./type-line.ts";

interface ScreenConsoleOptions {
  /** Reads the screen. @throws when the virtual machine has ended */
  readonly read: () => Promise<ScreenText>;
  readonly typeText: (text: string, signal: AbortSignal) => Promise<void>;
  readonly pressKeys: (keys: readonly string[]) => Promise<void>;
  /** Counts the seconds of a wait. */
  readonly clock: Pick<GuestClock, "after">;
}

/** The time between two looks at the screen. A look takes about 5 milliseconds of QEMU's time. */
const interval = 150;

/** Reads the text on a guest's screen and types on its keyboard, until it is disposed of. */
export function createScreenConsole(options: ScreenConsoleOptions): TextConsole & Disposable {
  const { read, typeText, pressKeys, clock } = options;
  const reader = createConsoleReader();
  const rows = createScreenRows();
  const listeners = new Set<() => void>();
  const gone = new AbortController();
  const look = async () => {
    while (!gone.signal.aborted) {
      // One look may fail, as on a full disk.
      const screen = await read().catch(() => undefined);
      if (screen?.kind === "text") {
        reader.update(rows.next(screen));
        for (const listener of listeners) listener();
      }
      await delay(interval, undefined, { signal: gone.signal, ref: false });
    }
  };
  // It ends when this is disposed of.
  look().catch(() => {});
  const console = createTextConsole({
    complaint: "the screen did not show",
    reader,
    clock,
    onChange: (listener) => {
      listeners.add(listener);
      return { [Symbol.dispose]: () => void listeners.delete(listener) };
    },
    send: async (text, signal) => {
      if (text === eraseLine) await pressKeys(["ctrl", "u"]);
      else if (text.startsWith(eraseCharacter)) for (const _ of text) await pressKeys(["backspace"]);
      else await typeText(text === returnKey ? "\n" : text, signal);
    },
    remember: () => {
      const restores = [rows.remember(), reader.remember()];
      return () => {
        for (const restore of restores) void restore();
      };
    },
  });
  return { ...console, [Symbol.dispose]: () => gone.abort() };
}
