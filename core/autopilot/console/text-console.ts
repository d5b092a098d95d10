import { AppError } from "../../../shared/errors/errors.ts";
import type { Restore, Rewindable } from "../../async/rewindable.ts";
import type { GuestClock } from "../../time/guest-clock.ts";
import type { ConsoleReader } from "./console-reader.ts";
import { describeExpected, type Expected } from "./console-view.ts";
import { eraseLine, returnKey, typeLine } from "./type-line.ts";
import { isWrongEcho } from "./wrong-echo.ts";

/** A console on which the autopilot acts as a person would: it reads, and types. */
export interface TextConsole extends Rewindable {
  /**
   * Waits until a new text has come: see ConsoleReader. @param seconds of the guest's time @returns the text
   * @throws AppError `timed-out` with the console's last lines; the signal's reason when it aborts
   */
  waitFor(expected: Expected, seconds: number, signal: AbortSignal): Promise<string>;
  /**
   * Types a line and presses Return, once the line has its echo: see `typeLine`.
   *
   * @param isSecret Return is pressed whatever the echo is, and no error shows it
   * @throws AppError `timed-out` when the echo shows that the guest has got another line; the signal's reason when it aborts
   */
  typeLine(
    line: string,
    options: { readonly signal: AbortSignal; readonly isSecret: boolean },
  ): Promise<void>;
  /** The last line that it shows; empty when it shows none. */
  lastLine(): string;
  /** Calls back after each change of what it shows, until that is disposed of. */
  onChange(listener: () => void): Disposable;
}

interface TextConsoleOptions {
  /** The beginning of the error for a text that does not come: the console, and that it did not show it. */
  readonly complaint: string;
  readonly reader: ConsoleReader;
  /** Counts the seconds of a wait. */
  readonly clock: Pick<GuestClock, "after">;
  /** Calls back after each change of what the reader knows, until it is disposed of. */
  readonly onChange: (listener: () => void) => Disposable;
  /** Types a text. */
  readonly send: (text: string, signal: AbortSignal) => Promise<void>;
  /** Remembers what it shows, and what the reader knows. */
  readonly remember: () => Restore;
}

const shownLines = 15;

export function createTextConsole({
  complaint,
  reader,
  clock,
  onChange,
  send,
  remember,
}: TextConsoleOptions): TextConsole {
  /** Waits until a condition holds. @returns false when it does not hold in time */
  const until = async (holds: () => boolean, seconds: number, signal: AbortSignal): Promise<boolean> => {
    signal.throwIfAborted();
    if (holds()) return true;
    const { promise, resolve, reject } = Promise.withResolvers<boolean>();
    using _alarm = clock.after(seconds * 1000, () => resolve(false));
    using _changes = onChange(() => holds() && resolve(true));
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort);
    try {
      return await promise;
    } finally {
      signal.removeEventListener("abort", abort);
    }
  };

  return {
    waitFor: async (expected, seconds, signal) => {
      let found: string | undefined;
      const hasCome = () => {
        found ??= reader.take(expected);
        return found !== undefined;
      };
      await until(hasCome, seconds, signal);
      if (found !== undefined) return found;
      throw tooLate(complaint, expected, { seconds, lines: reader.lastLines(shownLines) });
    },
    typeLine: async (line, { signal, isSecret }) => {
      const shown = await typeLine({ reader, send, until }, line, signal);
      if (!isSecret && isWrongEcho(shown, line)) {
        const lines = reader.lastLines(shownLines);
        await send(eraseLine, signal);
        throw otherLine(complaint, line, { shown, lines });
      }
      await send(returnKey, signal);
    },
    lastLine: () => reader.lastLines(1)[0] ?? "",
    onChange,
    remember,
  };
}

function otherLine(
  complaint: string,
  line: string,
  { shown, lines }: { readonly shown: string; readonly lines: readonly string[] },
): AppError {
  return new AppError({
    code: "timed-out",
    message: `${complaint} the line ${JSON.stringify(line)} as it was typed, but ${JSON.stringify(shown.trim())}`,
    advice:
      "Check whether the guest has another keyboard layout, or still starts. A step with keys types a line without a look at its echo.",
    details: lines,
  });
}

function tooLate(
  complaint: string,
  expected: Expected,
  { seconds, lines }: { readonly seconds: number; readonly lines: readonly string[] },
): AppError {
  return new AppError({
    code: "timed-out",
    message: `${complaint} ${describeExpected(expected)} in ${seconds} s`,
    advice: "Compare the recipe's install steps with what the console shows.",
    details: lines,
  });
}
