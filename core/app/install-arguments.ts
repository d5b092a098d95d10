import type { InstallWishes } from "../../shared/app-contract.ts";

/** The command line that installs a setup image by hand as it is wished. */
export function installArguments({ folder, iso, machine, size, memory }: InstallWishes): readonly string[] {
  const boot = !iso ? [] : "path" in iso ? ["--boot", iso.path] : ["--boot", iso.url, "--sha256", iso.sha256];
  const limit = memory === undefined ? [] : ["--memory", `${memory}`];
  const disk = ["--machine", machine, "--size", `${size}`];
  return ["rebuild", "setup", "--by-hand", "--recipe", folder, ...disk, ...boot, ...limit];
}
