import type { PersonalTerminal } from "../../core/session/host-terminal/typed-input.ts";
import type { Progress } from "./build-progress.ts";
import { hideTyping } from "./hide-typing.ts";

/** The terminal of the person who runs this command; undefined where stdin is not a terminal, as in CI. */
export function typedInput({ showLine }: Pick<Progress, "showLine">): PersonalTerminal | undefined {
  return process.stdin.isTTY ? { keys: process.stdin, hideKeys: hideTyping, showLine } : undefined;
}
