import stripAnsi from "strip-ansi";

/**
 * Output of a program or a guest as plain text: without escape sequences and other characters that a terminal would
 * obey, but for tabs. A name is escaped instead, since each of its characters counts: see `escapeName`.
 */
export function stripControls(output: string): string {
  return stripAnsi(output).replaceAll(/[^\P{Cc}\t]/gu, "");
}
