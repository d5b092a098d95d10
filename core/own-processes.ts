import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";

/** A process of this user's. */
export interface OwnProcess {
  readonly id: number;
  /** Program and arguments. */
  readonly command: readonly string[];
}

/** This user's processes whose command line has the text, such as the path of a socket; none where there is no /proc. */
export function ownProcessesNaming(text: string): readonly OwnProcess[] {
  if (!existsSync("/proc/self/cmdline")) return [];
  return processIds()
    .filter(isOwn)
    .map((id) => ({ id, line: commandLine(id) }))
    .filter(({ line }) => line.includes(text))
    .map(({ id, line }) => ({ id, command: line.split("\0") }));
}

/**
 * Kills those of this user's processes whose command line has the text. On Linux the kernel ends QEMU with its owner,
 * so that this finds something only where that went wrong.
 *
 * @returns their ids.
 */
export function endProcessesNaming(text: string): readonly number[] {
  const found = ownProcessesNaming(text).map(({ id }) => id);
  for (const id of found) process.kill(id, "SIGKILL");
  return found;
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

/** Arguments with a zero byte after each; empty for a process that has just ended. */
function commandLine(id: number): string {
  try {
    return readFileSync(`/proc/${id}/cmdline`, "utf8");
  } catch {
    return "";
  }
}
