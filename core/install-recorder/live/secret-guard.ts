import type { ConsoleName } from "../../../shared/recipe/install-step.ts";
import type { OutputEntry } from "../cast/recording-entry.ts";
import { createShownText } from "../script/shown-text.ts";
import type { Stroke } from "../script/strokes.ts";
import { createHeldLine, echoSeconds, type HeldLine } from "./held-line.ts";

/** An input of a console with its keys. */
export interface TypedInput {
  readonly console: ConsoleName;
  readonly strokes: readonly Stroke[];
  readonly time: number;
}

interface GuardOptions<Input extends TypedInput> {
  /** Takes inputs that may be written, in their order. */
  readonly onInputs: (inputs: readonly Input[]) => void;
  /** Takes a line that may be a secret. */
  readonly onHidden: (
    line: { readonly text: string; readonly console: ConsoleName } & { readonly start: number },
  ) => void;
}

/**
 * Holds back what is typed on a console until its echo shows that it is not a secret. A whole line of which the guest echoes
 * nothing is hidden, unless this console echoes nothing at all.
 */
export interface SecretGuard<Input extends TypedInput> {
  type(input: Input): void;
  show(entry: OutputEntry): void;
  /** To be called while time passes. */
  tick(time: number): void;
  /** When the first line was begun that is held back. */
  heldSince(): number | undefined;
  /** Whether a line is being typed that was not sent. */
  isTyping(): boolean;
  /** Decides at once about all that was sent, and drops the line that was not. */
  end(): void;
}

/** A console that has echoed none of so many lines echoes nothing. */
const silentLines = 2;
const asksForSecret = /pass\s*(?:word|phrase|code)|secret|token|\bpin\b|kennwort/i;
const keptPrompt = 200;

export function createSecretGuard<Input extends TypedInput>({
  onInputs,
  onHidden,
}: GuardOptions<Input>): SecretGuard<Input> {
  const text = createShownText();
  let held: readonly HeldLine<Input>[] = [];
  let lines = 0;
  let hasEchoed = false;
  /** The last visible text. */
  let prompt = "";

  const release = (line: HeldLine<Input>) => {
    if (line.sent() !== undefined && line.line() !== "") lines += 1;
    held = held.slice(1);
    onInputs(line.inputs);
  };
  const hide = (line: HeldLine<Input>) => {
    const [first] = line.inputs;
    lines += 1;
    held = held.slice(1);
    if (first) onHidden({ text: line.line(), console: first.console, start: line.start });
  };
  const settle = (time: number) => {
    for (let [first] = held; first; [first] = held) {
      const sent = first.sent();
      if (first.isHarmless()) {
        hasEchoed ||= sent !== undefined && first.line().length > 1;
        release(first);
      } else if (sent === undefined || time - sent < echoSeconds) return;
      else if (hasEchoed || lines < silentLines || asksForSecret.test(prompt)) hide(first);
      else release(first);
    }
  };
  return {
    type: (input) => {
      let line = held.at(-1);
      if (!line || line.sent() !== undefined) {
        line = createHeldLine(input.time);
        held = [...held, line];
      }
      line.type(input, input.strokes, input.time);
      settle(input.time);
    },
    show: (entry) => {
      const visible = text.add(entry);
      for (const line of held) line.show(visible);
      if (held.length === 0) prompt = (prompt + visible).slice(-keptPrompt);
      settle(entry.time);
    },
    tick: settle,
    heldSince: () => held[0]?.start,
    isTyping: () => held.some((line) => line.sent() === undefined),
    end: () => {
      settle(Number.POSITIVE_INFINITY);
      held = [];
    },
  };
}
