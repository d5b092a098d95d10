import type { TaskResult } from "./guest-protocol.ts";

/** The outcome of a task, as the guest tools report it. */
export interface TaskOutcome {
  readonly result: TaskResult;
  /** Only Tinsmith's own guest tools report it, where they know. */
  readonly exit?: TaskExit | undefined;
}

/** The end of a task's command. */
export interface TaskExit {
  /** From 0 to 255: as in shells, 127 and 126 when it could not be started, and 128 + the number of a signal. */
  readonly status: number;
  /** The number of the signal that killed it. */
  readonly signal?: number;
}

/** Headers of a request that reports a task's result, which hosts other than Tinsmith ignore. */
export const exitStatusHeader = "X-Tinsmith-Exit-Status";
export const exitSignalHeader = "X-Tinsmith-Exit-Signal";
/** Another header of it: the bytes of the task's log, if the guest tools have sent it in one piece. */
export const logBytesHeader = "X-Tinsmith-Log-Bytes";

/** Reads a task's outcome from such a request. Headers that make no sense, or contradict the result, are left out. */
export function readTaskOutcome(result: TaskResult, headers: Headers): TaskOutcome {
  const status = numberIn(headers, exitStatusHeader, 255);
  if (status === undefined || (status === 0) !== (result === "success")) return { result };
  const signal = numberIn(headers, exitSignalHeader, signalNames.length) || undefined;
  return { result, exit: signal === undefined ? { status } : { status, signal } };
}

/** A header of a request for the task: names of the guest tools' features beyond the protocol, between commas. */
export const featuresHeader = "X-Tinsmith-Features";
/** The feature of guest tools that heed the `tty` of a task; others give every task a terminal. */
export const noTerminalFeature = "no-tty";

/** The feature of guest tools that heed the `restored` of a task; others never see it. */
export const restoredFeature = "restored";

/** Reads the names of features, in lower case. */
export function readFeatures(headers: Headers): readonly string[] {
  return headerValue(headers, featuresHeader)
    .split(",")
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== "");
}

/** The outcome of a task in words: `the task failed: exit status 7`. */
export function describeOutcome({ result, exit }: TaskOutcome): string {
  if (result === "success") return "the task succeeded";
  return exit ? `the task failed: ${describeExit(exit)}` : "the task failed";
}

/** The end of a command in words: `exit status 7`, `exit status 137 (SIGKILL)`. */
export function describeExit({ status, signal }: TaskExit): string {
  if (signal === undefined) return `exit status ${status}`;
  return `exit status ${status} (${signalNames[signal - 1] ?? `signal ${signal}`})`;
}

/** By lower-case names, as Node has them. */
type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

function headerValue(headers: Headers, name: string): string {
  return String(headers[name.toLowerCase()] ?? "");
}

function numberIn(headers: Headers, name: string, most: number): number | undefined {
  const value = headerValue(headers, name);
  return /^\d{1,3}$/.test(value) && Number(value) <= most ? Number(value) : undefined;
}

/** Linux numbers them so on the processors that Tinsmith's guests have, from 1; those without names follow up to 64. */
const signalNames: readonly (string | undefined)[] = Object.assign(
  Array<string | undefined>(64),
  "HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS"
    .split(" ")
    .map((name) => `SIG${name}`),
);
