import type { ReadStream } from "node:tty";
import type { RoundControl } from "../../../core/session/live/live-rounds.ts";
import { AppError } from "../../../shared/errors/errors.ts";
import { interruptKey, readKeys } from "../guest/terminal/read-keys.ts";

/** The keys of a person who watches. Disposing it gives the terminal back. */
interface WatchKeys extends Disposable {
  /** Aborts when the person quits. */
  readonly quit: AbortSignal;
  /** Gives the keys the rounds that they control. */
  readonly control: (rounds: RoundControl) => void;
}

/** Reads single keys from a terminal; none from anything else, such as a pipe. */
export function readWatchKeys(input: ReadStream | undefined): WatchKeys {
  const controller = new AbortController();
  let rounds: RoundControl | undefined;
  const control = (given: RoundControl) => {
    rounds = given;
  };
  const { signal: quit } = controller;
  if (!input?.isTTY) return { quit, control, [Symbol.dispose]: () => {} };
  const keys = readKeys(input, (key) => {
    if (key === "q" || key === "Q" || key === interruptKey) controller.abort(quitByPerson());
    if (key === "r" || key === "R" || key === "\r" || key === "\n") rounds?.force();
  });
  return { quit, control, [Symbol.dispose]: keys[Symbol.dispose] };
}

function quitByPerson(): AppError {
  return new AppError({ code: "interrupted", message: "a person quit the watch" });
}
