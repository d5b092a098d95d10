import stripAnsi from "strip-ansi";
import { withoutKernelText } from "../../autopilot/console/reading-text.ts";
import type { OutputEntry } from "../cast/recording-entry.ts";

/** A text without spaces, so that it does not matter where a terminal has wrapped it. */
export function compact(text: string): string {
  return text.replaceAll(/[\s\p{Cc}]/gu, "");
}

/** The visible characters that an output adds, without those that it erases again, and without kernel messages. */
function visibleOutput(output: string): string {
  const text = withoutKernelText(stripAnsi(output).replaceAll("\r\n", "\n"));
  return compact(text.includes("\b") ? withoutErased(text) : text);
}

function withoutErased(text: string): string {
  const shown: string[] = [];
  for (const character of text)
    if (character === "\b") shown.pop();
    else shown.push(character);
  return shown.join("");
}

/** Follows the visible text that consoles add: compact, as far as the last output made it. */
export function createShownText() {
  let lines: readonly string[] = [];
  return {
    /** @returns the visible characters that are new with it */
    add: (entry: OutputEntry): string => {
      if (entry.kind === "output") return visibleOutput(entry.text);
      const before = lines;
      lines = entry.lines;
      const shift = before.length > 0 && before[1] !== undefined && before[1] === lines[0] ? 1 : 0;
      return compact(
        lines
          .map((line, row) => {
            const old = before[row + shift] ?? "";
            return line.startsWith(old)
              ? line.slice(old.length)
              : [...line].map((character, column) => (character === old[column] ? " " : character)).join("");
          })
          .join(""),
      );
    },
  };
}

/** Whether an output only repeats what was typed until then, or hides it behind signs such as an asterisk. */
export function isOnlyEcho(shown: string, typed: string): boolean {
  return /^[*•.█_]*$/u.test(shown) || compact(typed).includes(shown);
}
