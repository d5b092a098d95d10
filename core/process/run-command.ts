import { resolve } from "node:path";
import { execa } from "execa";
import { AppError } from "../../shared/errors/errors.ts";
import { fullDisk } from "../../shared/errors/system-error.ts";
import { requireFolder } from "../files/folders.ts";
import { findFailedLine } from "./failed-line.ts";
import { ownEnvironment, sessionVariable } from "./own-processes.ts";
import { createProcessTree, endTree, tellsOfProcesses } from "./process-tree.ts";
import type { ProgramLimits } from "./program-limits.ts";
import { limitedProgramNotFound, limitProgram } from "./program-limits.ts";

/** A program and its arguments; never passed through a shell. */
export type Argv = readonly [program: string, ...args: string[]];

interface CommandOptions {
  readonly cwd?: string;
  /** Added to the environment of this process, or to the part of it that the command inherits. */
  readonly env?: Readonly<Record<string, string>>;
  /** Matches the names of the variables that the command inherits from this process; without it, all of them. It always inherits the mark of its session. */
  readonly inherit?: RegExp;
  readonly signal?: AbortSignal | undefined;
  readonly limits?: ProgramLimits;
  /** Its input, which is empty without it. */
  readonly input?: Uint8Array;
}

/**
 * Runs a command to its end, wherever it shows its output.
 *
 * @returns its output.
 * @throws AppError as `runCommand` does
 */
export type CommandRunner = (argv: Argv, options?: CommandOptions) => Promise<string>;

/** The Debian package that brings a program, for the advice in an error. */
const debianPackages: Readonly<Record<string, string>> = {
  "qemu-system-x86_64": "qemu-system-x86",
  "qemu-img": "qemu-utils",
  xorriso: "xorriso",
  go: "golang-go",
  setpriv: "util-linux",
  prlimit: "util-linux",
  xz: "xz-utils",
  bzip2: "bzip2",
  debugfs: "e2fsprogs",
  e2fsck: "e2fsprogs",
  mcopy: "mtools",
  nc: "netcat-openbsd",
  "ssh-keygen": "openssh-client",
  socat: "socat",
  "xdg-open": "xdg-utils",
  sbatch: "slurm-client",
  squeue: "slurm-client",
  scancel: "slurm-client",
  sinfo: "slurm-client",
};

const keptErrorLines = 20;
/** The words by which programs report a full disk: most use the system's, xorriso its own. */
const fullDiskWords = /no space left on device|exceeds free space on media/i;

/** The error for a program that is not installed, with the package to install. */
export function missingTool(program: string): AppError {
  const debianPackage = debianPackages[program];
  return new AppError({
    code: "missing-tool",
    message: `the program ${program} is not installed`,
    advice: debianPackage
      ? `Install it: on Debian, apt-get install ${debianPackage}.`
      : `Install ${program}, or make sure that it is on the PATH.`,
  });
}

/**
 * Runs a command to its end and returns its stdout, at most 100 MB of it. When the signal aborts, all its processes get
 * SIGTERM, and those that are left after a grace SIGKILL.
 *
 * @throws AppError `missing-tool` when the program is not found, `missing-file` when the folder to run it in is not there,
 *   `no-permission` when it may not be run, `interrupted` when the signal aborts,
 *   `no-space` when it says that a disk is full, `command-failed` otherwise, with the arguments and the last lines that it printed.
 */
export async function runCommand(argv: Argv, options: CommandOptions = {}): Promise<string> {
  const [program] = argv;
  const { cwd, signal, limits, input } = options;
  if (signal?.aborted) throw commandInterrupted(program);
  const [started, ...args] = limits ? limitProgram(argv, limits) : argv;
  const child = execa(started, args, {
    reject: false,
    ...(input ? { input } : { stdin: "ignore" }),
    all: true,
    ...(cwd === undefined ? {} : { cwd }),
    env: environmentOf(options),
    extendEnv: false,
  });
  const ended = Promise.withResolvers<undefined>();
  const end = async () => {
    if (child.pid !== undefined && tellsOfProcesses) await endTree(createProcessTree(child.pid));
    else if (child.kill()) await child;
    child.stdout.destroy();
    child.stderr.destroy();
    ended.resolve(undefined);
  };
  signal?.addEventListener("abort", end, { once: true });
  // Once it has been ended, its output is of no use: a process that is not its own may keep the pipe open for long.
  const result = await Promise.race([child, ended.promise]);
  signal?.removeEventListener("abort", end);
  if (signal?.aborted) await ended.promise;
  if (!result || signal?.aborted) throw commandInterrupted(program);
  if (!result.failed) return result.stdout;
  // The system says the same of a missing program and of a missing folder to run it in.
  if (cwd !== undefined && result.code !== undefined) requireWorkingFolder(cwd);
  if (result.code === "ENOENT") throw missingTool(started);
  if (limits && result.exitCode === limitedProgramNotFound) throw missingTool(program);
  if (result.code === "EACCES") throw notExecutable(program);
  const ending = result.signal
    ? `was ended by ${result.signal}`
    : `failed with exit status ${result.exitCode}`;
  throw commandFailed(argv, ending, result.all.split("\n"));
}

/** @throws AppError `missing-file` when the folder that a command is to run in is not there, `usage` when it is not a folder */
export function requireWorkingFolder(folder: string): void {
  requireFolder(folder, "Restore the folder, then try again.");
}

/** The whole environment of a command. */
export function environmentOf({ env, inherit }: Pick<CommandOptions, "env" | "inherit">): NodeJS.ProcessEnv {
  const isInherited = (name: string) => name === sessionVariable || (inherit?.test(name) ?? true);
  const own = Object.entries(ownEnvironment()).filter(([name]) => isInherited(name));
  return { ...Object.fromEntries(own), ...env };
}

/** The error for a program that exists, and may not be run. */
export function notExecutable(program: string): AppError {
  return new AppError({
    code: "no-permission",
    message: `this user may not run ${program}`,
    advice: "Name a program, or make the file executable with chmod +x.",
  });
}

/** The error for a command that was ended because its result is no longer needed. */
export function commandInterrupted(program: string): AppError {
  return new AppError({ code: "interrupted", message: `${program} was interrupted` });
}

/**
 * The error for a command that failed, with the reason if it has printed one.
 *
 * @param printed its lines, of which the last are kept
 */
export function commandFailed(argv: Argv, ending: string, printed: readonly string[]): AppError {
  const [program] = argv;
  const lines = printed.filter(Boolean).slice(-keptErrorLines);
  const details = [`command: ${argv.join(" ")}`, ...lines];
  if (lines.some((line) => fullDiskWords.test(line)))
    return new AppError({ ...fullDisk, message: `${program} found no space left on a disk`, details });
  const cause = findFailedLine(lines);
  const message = `${program} ${ending}${cause === undefined ? "" : `: ${cause}`}`;
  return new AppError({ code: "command-failed", message, details });
}

/** Names the program of a command that somebody wrote in a folder: with a slash it is a file there, else on the PATH. */
export function commandIn(folder: string, [program, ...args]: Argv): Argv {
  return [program.includes("/") ? resolve(folder, program) : program, ...args];
}
