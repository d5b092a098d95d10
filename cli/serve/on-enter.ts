import { createInterface } from "node:readline";
import { isInForeground } from "../support/foreground.ts";

/**
 * Calls back whenever the person presses Enter in this process's terminal, until it is disposed of. Without a terminal, or
 * in the background, nothing is read: the system would stop a process that does.
 *
 * @param onEnd called when Ctrl-D ends the terminal's input: Enter is not heard any more
 * @returns undefined when nothing is read
 */
export function onEnter(act: () => void, onEnd: () => void): Disposable | undefined {
  const { stdin } = process;
  if (!stdin.isTTY || !isInForeground()) return undefined;
  const lines = createInterface({ input: stdin, terminal: false });
  lines.on("line", act);
  // The terminal is gone.
  const onError = () => lines.close();
  // Stopped by Ctrl-Z, it may resume in the background, or come back from there.
  const onContinue = () => void (isInForeground() ? lines.resume() : lines.pause());
  stdin.on("error", onError);
  process.on("SIGCONT", onContinue);
  lines.once("close", () => {
    process.off("SIGCONT", onContinue);
    stdin.off("error", onError);
    if (stdin.readableEnded) onEnd();
  });
  return { [Symbol.dispose]: () => lines.close() };
}
