import { type ChildProcess, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "../../../shared/errors/errors.ts";
import { beforeForcedStop } from "../../async/process-end.ts";
import { createGrowingFile } from "../../files/logs/growing-file.ts";
import { LogFile } from "../../files/logs/log-file.ts";
import { ownEnvironment } from "../../process/own-processes.ts";
import { missingTool } from "../../process/run-command.ts";
import { qemuEvidence } from "../../session-record/last-output.ts";
import { logQuotas } from "../../session-record/session-log-quota.ts";

const keptLines = 20;

/** The end of a process; `error` when it never ran. */
export interface Exit {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly error?: NodeJS.ErrnoException;
}

/** A process of QEMU's. */
export interface QemuProcess {
  readonly exited: Promise<Exit>;
  /** The last lines that it printed, once it has closed its output. */
  readonly lastLines: Promise<readonly string[]>;
  /** Waits for its end; false when it is still there after this time. */
  leavesWithin(milliseconds: number): Promise<boolean>;
  kill(): void;
}

/**
 * File descriptors that this process inherited, and did not open itself, are passed on by Node to its children:
 * closed here.
 */
const closeInherited = `for fd in /proc/self/fd/*; do fd=\${fd##*/}; ((fd > 2)) && exec {fd}>&-; done; exec "$@"`;

/**
 * Starts QEMU, which gets no file but its output, can't gain privileges, and is killed by the kernel when this
 * process dies. It runs in a process group of its own, so that a Ctrl-C on the terminal reaches only this process,
 * which then ends it in order.
 *
 * @param logFile takes QEMU's output, up to its quota.
 * @param onNote called with notes for the person about that log.
 */
export function startQemuProcess(
  argv: readonly [string, ...string[]],
  logFile: string,
  onNote?: (text: string) => void,
): QemuProcess {
  const guard = ["--pdeathsig", "KILL", "--no-new-privs", "--"];
  const child = spawn("setpriv", [...guard, "bash", "-c", closeInherited, "bash", ...argv], {
    detached: true,
    env: ownEnvironment(),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const lastLines = collectOutput(child, logFile, onNote);
  const kill = () => void child.kill("SIGKILL");
  const lastAct = beforeForcedStop("the virtual machine", kill);
  const exited = new Promise<Exit>((resolve) => {
    child.on("error", (error) => resolve({ status: null, signal: null, error }));
    child.on("exit", (status, signal) => resolve({ status, signal }));
  }).finally(() => lastAct[Symbol.dispose]());
  return {
    exited,
    lastLines,
    leavesWithin: async (milliseconds) => {
      const timer = new AbortController();
      const late = sleep(milliseconds, false, { signal: timer.signal });
      late.catch(() => {});
      const left = await Promise.race([exited.then(() => true), late]);
      timer.abort();
      return left;
    },
    kill,
  };
}

/** Copies QEMU's output to its log, and gives the last lines of it when QEMU has closed its output. */
async function collectOutput(
  child: ChildProcess,
  logFile: string,
  onNote: ((text: string) => void) | undefined,
): Promise<readonly string[]> {
  // Without a log, because the disk is full for example, QEMU's output is still read.
  const options = { onNote, quota: logQuotas.qemu };
  const opened = LogFile.create(createGrowingFile(logFile), options).catch(() => undefined);
  let tail = "";
  const copy = async (stream: Readable) => {
    for await (const bytes of stream) {
      tail = (tail + bytes.toString()).slice(-8192);
      await (await opened)?.write(bytes).catch(() => {});
    }
  };
  const streams = [child.stdout, child.stderr].filter((stream) => stream !== null);
  await Promise.allSettled(streams.map(copy));
  await (await opened)?.[Symbol.asyncDispose]().catch(() => {});
  return tail.split("\n").filter(Boolean).slice(-keptLines);
}

/** The error for a QEMU that left before it could be talked to. */
export async function failedStart(qemu: string, process: QemuProcess): Promise<AppError> {
  const exit = await process.exited;
  if (exit.error)
    return exit.error.code === "ENOENT" ? missingTool("setpriv") : toStartError(qemu, [exit.error.message]);
  const lines = await process.lastLines;
  // The exit code of setpriv and bash when they can't find the program.
  if (exit.status === 127) return missingTool(lines.some((line) => line.includes(qemu)) ? qemu : "bash");
  return toStartError(`${qemu} ${describeExit(exit)}`, lines);
}

function toStartError(message: string, lines: readonly string[]): AppError {
  return new AppError({
    code: "qemu-failed",
    message: `QEMU did not start: ${message}`,
    advice: "See QEMU's last lines. tinsmith doctor shows what this host lacks.",
    details: qemuEvidence(lines),
  });
}

/** The end of a process, in words that follow its name. */
export function describeExit(exit: Exit): string {
  return exit.signal ? `was ended by ${exit.signal}` : `ended with exit status ${exit.status}`;
}
