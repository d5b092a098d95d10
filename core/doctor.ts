import { statfs } from "node:fs/promises";
import { toAppError } from "../shared/errors.ts";
import { formatBytes } from "../shared/format.ts";
import { existingFolder } from "./files.ts";
import { findRelay } from "./meta/guest-network.ts";
import type { Paths } from "./paths.ts";
import { runCommand } from "./process.ts";
import { chooseAccelerator } from "./qemu/accelerator.ts";
import { askQemu } from "./qemu/capabilities.ts";
import { findSandbox } from "./qemu/sandbox.ts";

/** One thing that was looked at on this host. */
export interface Finding {
  /** What was looked for. */
  readonly subject: string;
  readonly ok: boolean;
  /** What was found, or what is wrong. */
  readonly text: string;
  /** What its absence takes away, and how to get it. */
  readonly advice?: string | undefined;
}

/**
 * Looks at what building and running images takes, and tries it where that can be done.
 *
 * @param retry tries KVM again, even when it is known to have failed.
 */
export async function examineHost(paths: Paths, retry: boolean): Promise<readonly Finding[]> {
  return await Promise.all([
    find("QEMU", "Nothing can be built or run without it.", async () => {
      const { program, version } = await askQemu();
      return `${program} ${version}`;
    }),
    find(
      "Accelerator",
      "",
      async () =>
        (await chooseAccelerator(await askQemu(), { cacheFolder: paths.cache, tryAgain: retry })).reason,
    ),
    find("Sandbox", "", async () =>
      (await findSandbox((await askQemu()).program))
        ? "QEMU runs with a filter of system calls"
        : "QEMU runs without a filter of system calls: it, or this host's kernel, lacks seccomp",
    ),
    find("Disk tools", "Images can't be made or read without them.", () =>
      versionOf("qemu-img", "--version"),
    ),
    find("Guest network", "The guest can't reach the MetaService without it.", async () =>
      (await findRelay()).join(" "),
    ),
    find("ISO builder", "Worker images can't be rebuilt without it.", () => versionOf("xorriso", "-version")),
    find("Go", "Tinsmith's own guest tools can't be compiled without it.", () => versionOf("go", "version")),
    find("Process control", "Virtual machines can't be started without it.", () =>
      versionOf("setpriv", "--version"),
    ),
    find("Locks", "Images can't be built without it.", () => versionOf("flock", "--version")),
    find("Free space", "", () => freeSpace(paths)),
  ]);
}

async function find(subject: string, loss: string, look: () => Promise<string>): Promise<Finding> {
  try {
    return { subject, ok: true, text: await look() };
  } catch (thrown) {
    const { message, advice } = toAppError(thrown);
    return { subject, ok: false, text: message, advice: [loss, advice].filter(Boolean).join(" ") };
  }
}

async function versionOf(program: string, option: string): Promise<string> {
  return (await runCommand([program, option])).split("\n").find((line) => line.trim()) ?? program;
}

async function freeSpace(paths: Paths): Promise<string> {
  const folder = existingFolder(paths.sessions);
  const { bavail, bsize } = await statfs(folder);
  return `${formatBytes(bavail * bsize)} in ${folder}`;
}
