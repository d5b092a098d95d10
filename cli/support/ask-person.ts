import { createInterface } from "node:readline/promises";

/** Asks a person on the terminal to say yes or no. @returns undefined without a terminal to ask on */
export async function askPerson(question: string): Promise<boolean | undefined> {
  // Ctrl-D ends the input for good.
  if (!process.stdin.isTTY || !process.stderr.isTTY || process.stdin.readableEnded) return undefined;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y/i.test(await terminal.question(`${question} [y/N] `));
  } catch {
    // Ctrl-C or Ctrl-D at the question.
    return false;
  } finally {
    terminal.close();
  }
}
