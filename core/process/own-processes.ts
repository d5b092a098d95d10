import { AsyncLocalStorage } from "node:async_hooks";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";

/** A process of this user's. */
export interface OwnProcess {
  readonly id: number;
  /** Program and arguments. */
  readonly command: readonly string[];
}

/**
 * This user's processes whose command contains the text, such as the path of a socket; none where there is no /proc.
 */
export function ownProcessesNaming(text: string): readonly OwnProcess[] {
  if (!existsSync("/proc/self/cmdline")) return [];
  return processIds()
    .filter(isOwn)
    .map((id) => ({ id, command: readStrings(id, "cmdline") }))
    .filter(({ command }) => command.some((word) => word.includes(text)));
}

/**
 * The environment variable that names the folder of the session whose process started another one. Processes that it
 * starts have it as well, so that it distinguishes a session's own processes from those that only read its files.
 */
export const sessionVariable = "TINSMITH_SESSION_FOLDER";

/** The session of each of several works at the same time. */
const works = new AsyncLocalStorage<{ session?: string | undefined }>();

/**
 * Does a work with a session of its own, while other works of this process may have theirs: the processes that it starts are
 * marked as those of its session.
 */
export function besideOtherSessions<Result>(work: () => Result): Result {
  return works.run({}, work);
}

/** The environment for a process that is started now: that of this process, with the mark of the session at work. */
export function ownEnvironment(): NodeJS.ProcessEnv {
  const session = works.getStore()?.session;
  return session === undefined ? process.env : { ...process.env, [sessionVariable]: session };
}

/** Marks the processes that this one, or the work at hand, starts from now on as a session's own, until it is disposed of. */
export function markProcessesOf(sessionFolder: string): Disposable {
  const work = works.getStore();
  if (work) {
    work.session = sessionFolder;
    return {
      [Symbol.dispose]: () => {
        work.session = undefined;
      },
    };
  }
  const before = process.env[sessionVariable];
  process.env[sessionVariable] = sessionFolder;
  return {
    [Symbol.dispose]: () => {
      if (process.env[sessionVariable] !== sessionFolder) return;
      if (before === undefined) delete process.env[sessionVariable];
      else process.env[sessionVariable] = before;
    },
  };
}

/**
 * Kills the processes that a session's process started and left running, but not that process itself. QEMU and the
 * host's commands usually end with it, so that this finds mostly processes that they have started in turn.
 *
 * @returns their ids; none where there is no /proc.
 */
export function endProcessesOf(sessionFolder: string): readonly number[] {
  if (!existsSync("/proc/self/environ")) return [];
  const mark = `${sessionVariable}=${sessionFolder}`;
  return processIds()
    .filter((id) => id !== process.pid && isOwn(id) && readStrings(id, "environ").includes(mark))
    .filter(killIfThere);
}

/** @returns false for a process that has ended meanwhile, or is not this user's to kill. */
function killIfThere(id: number): boolean {
  try {
    return process.kill(id, "SIGKILL");
  } catch {
    return false;
  }
}

/** Bytes of memory that a process has taken; 0 for one that has ended. */
export function residentBytes(id: number): number {
  try {
    const [, kilobytes = "0"] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${id}/status`, "utf8")) ?? [];
    return Number(kilobytes) * 1024;
  } catch {
    return 0;
  }
}

function processIds(): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function isOwn(id: number): boolean {
  return statSync(`/proc/${id}`, { throwIfNoEntry: false })?.uid === process.getuid?.();
}

/** The strings of a file in which each ends with a zero byte; none of a process that has just ended. */
function readStrings(id: number, file: "cmdline" | "environ"): readonly string[] {
  try {
    return readFileSync(`/proc/${id}/${file}`, "utf8").split("\0");
  } catch {
    return [];
  }
}
