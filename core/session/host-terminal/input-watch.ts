import { readFileSync, statSync } from "node:fs";
import { type ProcessStat, type ProcessTree, tellsOfProcesses } from "../../process/process-tree.ts";

/** Milliseconds. */
export interface InputWatchTimes {
  /** The interval at which a quiet command is checked. */
  readonly interval: number;
  /** A command that was quiet for this long, and reads its terminal, waits for input. */
  readonly settled: number;
  /** A command that was quiet, and did nothing, for this long may wait for input. */
  readonly quiet: number;
}

export const defaultInputWatchTimes: InputWatchTimes = { interval: 500, settled: 1_500, quiet: 60_000 };

/** Whether a command waits for input: `maybe` is a guess. */
export type InputWait = "no" | "maybe" | "yes";

/** Watches a command on a terminal for whether it waits for input. Disposing it ends the watch. */
export interface InputWatch extends Disposable {
  /** To be called whenever it printed something, or something was typed. */
  active(): void;
}

/**
 * The processor time that a command may use in a quiet minute and still count as idle. Ticks of a hundredth of a
 * second.
 */
const idleTicks = 10;

/** @param onLook called with the result of each look at a quiet command */
export function watchForInput(
  tree: ProcessTree,
  onLook: (wait: InputWait) => void,
  times: InputWatchTimes,
): InputWatch {
  let lastActive = performance.now();
  let ticksThen: number | undefined;
  const look = () => {
    const quietFor = performance.now() - lastActive;
    if (quietFor < times.settled) return;
    const running = tree.running();
    // It has ended a moment ago.
    if (running.length === 0 && tellsOfProcesses) return;
    if (running.some((one) => readsTerminal(one))) return onLook("yes");
    const ticks = running.reduce((sum, one) => sum + one.ticks, 0);
    ticksThen ??= ticks;
    const isIdle = running.every(({ state }) => state === "S") && Math.abs(ticks - ticksThen) < idleTicks;
    onLook(quietFor >= times.quiet && isIdle ? "maybe" : "no");
  };
  const timer = setInterval(look, times.interval);
  return {
    active: () => {
      lastActive = performance.now();
      ticksThen = undefined;
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

/** The numbers of the system calls read and readv. */
const readCalls: Readonly<Record<string, readonly number[]>> = { x64: [0, 19], arm64: [63, 65] };
/** The kernel's functions in which a process sleeps that reads a terminal. */
const terminalSleeps = ["wait_woken", "n_tty_read"];

/**
 * Whether a process of the terminal's foreground is blocked in reading it, and so can do nothing else. One with
 * several threads can, and one that waits for several things at once as well: for neither of them it can be known.
 */
function readsTerminal({ id, state, group, foregroundGroup, terminal, threads }: ProcessStat): boolean {
  if (state !== "S" || threads !== 1 || terminal === 0 || group !== foregroundGroup) return false;
  try {
    const [call = "", file = ""] = readFileSync(`/proc/${id}/syscall`, "utf8").split(" ");
    const reads = readCalls[process.arch]?.includes(Number(call)) ?? false;
    return reads && isTerminal(id, Number(file));
  } catch {
    // For hosts that forbid tracing, even of one's own processes.
    return sleepsOnTerminal(id) && isTerminal(id, 0);
  }
}

function isTerminal(id: number, file: number): boolean {
  const path = `/proc/${id}/fd/${file}`;
  const status = statSync(path, { throwIfNoEntry: false });
  return status?.isCharacterDevice() === true && isTerminalDevice(status.rdev);
}

/** The major numbers of /dev/pts/N, and of /dev/tty, which is whichever terminal the process has. */
function isTerminalDevice(device: number): boolean {
  const major = (device >> 8) & 0xfff;
  return (major >= 136 && major <= 143) || major === 5;
}

function sleepsOnTerminal(id: number): boolean {
  try {
    return terminalSleeps.includes(readFileSync(`/proc/${id}/wchan`, "utf8"));
  } catch {
    return false;
  }
}
