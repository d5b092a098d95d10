import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * The processes that run for a home: the app's own, its sessions', QEMU, and what those have started.
 *
 * @returns their command lines
 */
export function processesOf(home: string): readonly string[] {
  return globSync("/proc/[0-9]*/cmdline").flatMap((path) => {
    const commandLine = read(path);
    // A sandboxed page's environment can't be read; its command contains the home.
    const isOfHome =
      commandLine.includes(home) ||
      read(join(dirname(path), "environ"))
        .split("\0")
        .includes(`TINSMITH_HOME=${home}`);
    // Of one that has ended, and that its parent has not noticed, there is none.
    return isOfHome && commandLine ? [commandLine.replaceAll("\0", " ")] : [];
  });
}

/** The QEMU processes among them. */
export function machinesOf(home: string): readonly string[] {
  return processesOf(home).filter((commandLine) => /^\S*qemu-system/.test(commandLine));
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
