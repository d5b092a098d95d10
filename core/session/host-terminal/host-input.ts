import { AppError } from "../../../shared/errors/errors.ts";
import type { AwaitedInput } from "../../../shared/session/build.ts";
import type { ProcessTree } from "../../process/process-tree.ts";
import { type Argv, commandFailed } from "../../process/run-command.ts";
import { defaultInputWatchTimes, type InputWatchTimes, watchForInput } from "./input-watch.ts";
import { shownLine } from "./shown-line.ts";

export interface HostInputOptions {
  readonly command: string;
  /** Whether a person is there who could type. */
  readonly isAttended: () => boolean;
  /** Called when the command begins to wait, or asks something else, and with undefined when it resumes. */
  readonly onWaiting: (input: AwaitedInput | undefined) => void;
  readonly times?: InputWatchTimes | undefined;
}

/** Connects a command that waits for input with a person who types. Disposing it ends the watch for that. */
export interface HostInput extends Disposable {
  printed(bytes: Uint8Array): void;
  readonly type: (bytes: Uint8Array) => void;
  /** Calls back when the command still reads, though its input was ended several times. */
  onGivenUp(end: () => void): void;
  hasGivenUp(): boolean;
  hasEndedInput(): boolean;
}

/** A character that ends a terminal's input. */
const endOfInput = Buffer.from("\x04");
/** Each of these passes the input before it to the program that reads: end of input, line feed and return. */
const lineEnds: readonly number[] = [4, 10, 13];
/** The number of times that the input of a command is ended when nobody types: some ask again. */
const mostEnds = 3;
const shownPromptCharacters = 200;

/** @param typeNow writes input to the terminal */
export function createHostInput(
  tree: ProcessTree,
  typeNow: (bytes: Uint8Array) => void,
  { command, isAttended, onWaiting, times = defaultInputWatchTimes }: HostInputOptions,
): HostInput {
  let prompt = "";
  /** Counts the lines that distinguish one question from the next: printed ones and answers. */
  let lines = 0;
  /** Set while it waits: the count at the report. */
  let saidAt: number | undefined;
  let ends = 0;
  let hasGivenUp = false;
  let giveUp = () => {};

  const give = (bytes: Uint8Array) => {
    watch.active();
    if (bytes.some((byte) => lineEnds.includes(byte))) lines += 1;
    typeNow(bytes);
  };
  const endInput = () => {
    if (ends < mostEnds) {
      ends += 1;
      return give(endOfInput);
    }
    if (hasGivenUp) return;
    hasGivenUp = true;
    giveUp();
  };
  const watch = watchForInput(
    tree,
    (wait) => {
      if (wait === "no") {
        if (saidAt !== undefined) onWaiting(undefined);
        saidAt = undefined;
        return;
      }
      const isCertain = wait === "yes";
      const isNew = saidAt !== lines;
      if (isNew) onWaiting({ command, prompt: shownPrompt(prompt), isCertain });
      saidAt = lines;
      if (isAttended()) return;
      if (isCertain) endInput();
      // A guess must not disturb: one that works on, and never reads, does not notice this.
      else if (isNew) typeNow(endOfInput);
    },
    times,
  );
  return {
    printed: (bytes) => {
      watch.active();
      const text = prompt + Buffer.from(bytes).toString();
      lines += text.split("\n").length - 1;
      prompt = text.slice(text.lastIndexOf("\n") + 1).slice(-4 * shownPromptCharacters);
    },
    type: give,
    onGivenUp: (end) => {
      giveUp = end;
    },
    hasGivenUp: () => hasGivenUp,
    hasEndedInput: () => ends > 0,
    [Symbol.dispose]: () => {
      watch[Symbol.dispose]();
      if (saidAt !== undefined) onWaiting(undefined);
    },
  };
}

function shownPrompt(text: string): string {
  return shownLine(text).trim().slice(-shownPromptCharacters);
}

/** The error of a command that waited for input that nobody could give. @param ending how it ended */
export function waitedForInput(argv: Argv, ending: string, printed: readonly string[]): AppError {
  const { code, details } = commandFailed(argv, "failed", printed);
  return new AppError({
    code,
    message: `${argv[0]} waited for input, and no window or terminal was there to type it. ${ending}`,
    advice:
      "Change the command so that it needs no input. Or start it in the window or on a terminal, and type the input there.",
    details,
  });
}
