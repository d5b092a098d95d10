import { resolve } from "node:path";
import { execa } from "execa";
import { AppError } from "../shared/errors.ts";
import { fullDisk } from "../shared/system-error.ts";

/** A program and its arguments; never passed through a shell. */
export type Argv = readonly [program: string, ...args: string[]];

interface CommandOptions {
  readonly cwd?: string;
  /** Added to the environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/** Runs a command to its end, wherever it shows what it prints. @throws AppError as `runCommand` does */
export type CommandRunner = (argv: Argv, options?: CommandOptions) => Promise<unknown>;

/** The Debian package that brings a program, for the advice in an error. */
const debianPackages: Readonly<Record<string, string>> = {
  "qemu-system-x86_64": "qemu-system-x86",
  "qemu-img": "qemu-utils",
  xorriso: "xorriso",
  go: "golang-go",
  setpriv: "util-linux",
  prlimit: "util-linux",
  nc: "netcat-openbsd",
  socat: "socat",
  "xdg-open": "xdg-utils",
};

const keptErrorLines = 20;
/** How programs say that a disk is full: most in the system's words, xorriso in its own. */
const fullDiskWords = /no space left on device|exceeds free space on media/i;

/** Says that a program is not installed, and which package brings it. */
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
 * Runs a command to its end and returns its stdout, at most 100 MB of it.
 *
 * @throws AppError `missing-tool` when the program is not found, `interrupted` when the signal aborts,
 *   `no-space` when it says that a disk is full, `command-failed` otherwise, with the arguments and the last lines that it printed.
 */
export async function runCommand(argv: Argv, options: CommandOptions = {}): Promise<string> {
  const [program, ...args] = argv;
  const child = execa(program, args, {
    reject: false,
    stdin: "ignore",
    all: true,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: options.env }),
    ...(options.signal === undefined ? {} : { cancelSignal: options.signal }),
  });
  const result = await child;
  if (!result.failed) return result.stdout;
  if (result.isCanceled) throw commandInterrupted(program);
  if (result.code === "ENOENT") throw missingTool(program);
  const ending = result.signal
    ? `was ended by ${result.signal}`
    : `failed with exit status ${result.exitCode}`;
  throw commandFailed(argv, ending, result.all.split("\n"));
}

/** Says that a command was ended because nobody wants its result any more. */
export function commandInterrupted(program: string): AppError {
  return new AppError({ code: "interrupted", message: `${program} was interrupted` });
}

/** Says how a command failed. @param printed its lines, of which the last are kept */
export function commandFailed(argv: Argv, ending: string, printed: readonly string[]): AppError {
  const [program] = argv;
  const lines = printed.filter(Boolean).slice(-keptErrorLines);
  const details = [`command: ${argv.join(" ")}`, ...lines];
  if (lines.some((line) => fullDiskWords.test(line)))
    return new AppError({ ...fullDisk, message: `${program} found no space left on a disk`, details });
  return new AppError({ code: "command-failed", message: `${program} ${ending}`, details });
}

/** Names the program of a command that somebody wrote in a folder: with a slash it is a file there, else on the PATH. */
export function commandIn(folder: string, [program, ...args]: Argv): Argv {
  return [program.includes("/") ? resolve(folder, program) : program, ...args];
}
