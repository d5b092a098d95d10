import type { Duplex } from "node:stream";
import stripAnsi from "strip-ansi";
import { AppError } from "../../shared/errors/errors.ts";
import type { AutopilotStep } from "../../shared/recipe/recipe.ts";
import type { GuestClock } from "../time/guest-clock.ts";

/** A guest under emulation on a busy host has taken up to 30 s from power-on to its prompt. */
const defaultWaitSeconds = 120;
/** How much unmatched console text is kept: a waited text is never further back than this many characters. */
const keptCharacters = 64 * 1024;
const shownLines = 15;

interface AutopilotOptions {
  readonly signal: AbortSignal;
  /** Counts the seconds of a wait. */
  readonly clock: Pick<GuestClock, "after">;
  /** Called when a text has come that was waited for. */
  readonly onMatch: () => void;
  /** The output of a guest that continues: the console has shown it before. */
  readonly shown?: string | undefined;
  /** Called before the first line is typed, if something was waited for before. @param shown the output until then */
  readonly beforeTyping?: ((shown: string) => Promise<void>) | undefined;
}

/**
 * Acts on the serial console as a person would: waits for texts and types lines, in order.
 *
 * A wait looks only at text after the one that the previous wait found. Escape sequences are passed over.
 *
 * @throws AppError `timed-out` when a text does not come in time, with the last lines of the console;
 *   the signal's reason when it aborts.
 */
export async function runAutopilot(
  serial: Duplex,
  steps: readonly AutopilotStep[],
  { signal, clock, onMatch, shown = "", beforeTyping }: AutopilotOptions,
): Promise<void> {
  const console = new ConsoleText(serial, clock, shown);
  const firstLine = steps.findIndex((step) => "type" in step);
  try {
    for (const [index, step] of steps.entries()) {
      signal.throwIfAborted();
      if (index === firstLine && index > 0) await beforeTyping?.(console.all());
      if ("type" in step) serial.write(`${step.type}\r`);
      else {
        await console.waitFor(step.wait, step.timeout ?? defaultWaitSeconds, signal);
        onMatch();
      }
    }
  } finally {
    console.close();
  }
}

/** The text that the console has shown since the last awaited text. */
class ConsoleText {
  readonly #serial: Duplex;
  readonly #clock: AutopilotOptions["clock"];
  readonly #decoder = new TextDecoder();
  #text: string;
  #all: string;
  #onText = () => {};

  constructor(serial: Duplex, clock: AutopilotOptions["clock"], shown: string) {
    this.#serial = serial;
    this.#clock = clock;
    this.#text = shown;
    this.#all = shown;
    serial.on("data", this.#receive);
  }

  waitFor(wanted: string, seconds: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (act: () => void) => {
        alarm[Symbol.dispose]();
        signal.removeEventListener("abort", abort);
        this.#onText = () => {};
        act();
      };
      const abort = () => settle(() => reject(signal.reason));
      const tooLate = () => settle(() => reject(this.#tooLate(wanted, seconds)));
      const alarm = this.#clock.after(seconds * 1000, tooLate);
      signal.addEventListener("abort", abort);
      this.#onText = () => {
        if (this.#take(wanted)) settle(resolve);
      };
      this.#onText();
    });
  }

  /** All that the console has shown, as far as it is kept. */
  all(): string {
    return this.#all;
  }

  close(): void {
    this.#serial.off("data", this.#receive);
  }

  readonly #receive = (bytes: Buffer) => {
    const text = this.#decoder.decode(bytes, { stream: true });
    this.#text = (this.#text + text).slice(-keptCharacters);
    this.#all = (this.#all + text).slice(-keptCharacters);
    this.#onText();
  };

  /** Drops everything up to the end of the wanted text; false when it has not come. */
  #take(wanted: string): boolean {
    const shown = stripAnsi(this.#text);
    const at = shown.indexOf(wanted);
    if (at < 0) return false;
    this.#text = shown.slice(at + wanted.length);
    return true;
  }

  #tooLate(wanted: string, seconds: number): AppError {
    const lines = stripAnsi(this.#text)
      .split(/\r?\n/)
      .filter((line) => line.trim());
    return new AppError({
      code: "timed-out",
      message: `the serial console did not show ${JSON.stringify(wanted)} in ${seconds} s`,
      advice: "Compare the recipe's install steps with what the console shows.",
      details: lines.slice(-shownLines),
    });
  }
}
