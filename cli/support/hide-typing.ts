import { spawnSync } from "node:child_process";
import { isInForeground } from "./foreground.ts";

/** Each key is passed on at once and unchanged, none is shown, and those that send signals, as Ctrl-C does, still do. */
const hidden = ["-icanon", "min", "1", "-icrnl", "-echo"] as const;

/** The interval at which a process in the background checks whether it has come to the foreground. Milliseconds. */
const lookInterval = 500;

/**
 * Hides the input on the terminal that is stdin, until disposed of. Ctrl-Z restores the terminal; any end of this
 * process but SIGKILL does so too.
 *
 * Does nothing in the background, where the terminal belongs to another program, and where there is no stty.
 */
export function hideTyping(): Disposable {
  let before: string | undefined;
  const hide = () => {
    if (!isInForeground()) {
      before = undefined;
      return;
    }
    before ??= stty("-g");
    // Node restores the modes that the terminal had when this process started, however this process exits.
    if (before) stty(...hidden);
  };
  const show = () => {
    if (before && isInForeground()) stty(before);
    before = undefined;
  };
  const suspend = () => {
    show();
    process.off("SIGTSTP", suspend);
    // Returns when the process is continued, or at once where nobody could continue it.
    process.kill(process.pid, "SIGTSTP");
    process.on("SIGTSTP", suspend);
    hide();
  };
  hide();
  // The shell that stopped this process may have given the terminal other modes.
  process.on("SIGTSTP", suspend).on("SIGCONT", hide);
  // Not every shell sends SIGCONT to a running process that it brings to the foreground.
  const look = setInterval(() => before ?? hide(), lookInterval);
  return {
    [Symbol.dispose]: () => {
      clearInterval(look);
      process.off("SIGTSTP", suspend).off("SIGCONT", hide);
      show();
    },
  };
}

/** @returns its output; undefined when it failed */
function stty(...modes: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync("stty", modes, {
    stdio: ["inherit", "pipe", "ignore"],
    encoding: "utf8",
  });
  return status === 0 ? stdout.trim() : undefined;
}
