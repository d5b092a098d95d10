import type { Argv } from "./run-command.ts";

/** The most that a program which reads hostile data may use. */
export interface ProgramLimits {
  /**
   * Bytes of memory of its own. Not of addresses: a thread of glibc's reserves 64 MiB of those for its heap, and qemu-img
   * starts up to 64 threads as they are needed, so that a limit of addresses ends it at random.
   */
  readonly memory: number;
  /** Of the processor. */
  readonly seconds?: number;
}

/** Bytes of a thread's stack, which count as memory of its own: Linux's default, whatever this user's is. */
const stack = 8 * 1024 ** 2;

/** The exit status of prlimit for a program that it can't find. */
export const limitedProgramNotFound = 127;

/** The command that runs a program within limits; without them, where the system has no prlimit: only Linux has it. */
export function limitProgram(argv: Argv, { memory, seconds }: ProgramLimits): Argv {
  if (process.platform !== "linux") return argv;
  const time = seconds === undefined ? [] : [`--cpu=${seconds}`];
  return ["prlimit", `--data=${memory}`, `--stack=${stack}`, ...time, ...argv];
}
