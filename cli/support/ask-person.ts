import { createInterface } from "node:readline/promises";
import { AppError } from "../../shared/errors/errors.ts";

/**
 * Asks a person on the terminal to say yes or no.
 *
 * @returns undefined without a terminal to ask on. @throws AppError `interrupted` after Ctrl-C
 */
export async function askPerson(question: string): Promise<boolean | undefined> {
  // Ctrl-D ends the input for good.
  if (!process.stdin.isTTY || !process.stderr.isTTY || process.stdin.readableEnded) return undefined;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const interruption = new AbortController();
  // The terminal is in raw mode, so that Ctrl-C sends no signal.
  terminal.once("SIGINT", () => interruption.abort());
  try {
    return /^y/i.test(await terminal.question(`${question} [y/N] `, { signal: interruption.signal }));
  } catch {
    if (interruption.signal.aborted) throw new AppError({ code: "interrupted", message: "interrupted" });
    // Ctrl-D at the question.
    return false;
  } finally {
    terminal.close();
  }
}
