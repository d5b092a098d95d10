import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";

/**
 * Kills those of this user's processes whose command line has the text, such as the path of a socket of theirs.
 * On Linux the kernel ends QEMU with its owner, so that this finds something only where that went wrong.
 *
 * @returns their ids; none where the system has no /proc.
 */
export function endProcessesNaming(text: string): number[] {
  if (!existsSync("/proc/self/cmdline")) return [];
  const found = processIds().filter((id) => isOwn(id) && commandLine(id).includes(text));
  for (const id of found) process.kill(id, "SIGKILL");
  return found;
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
