import { spawn } from "node:child_process";
import { savesByItself } from "../../core/builder/warm/saves-by-itself.ts";
import { installation } from "../../core/storage/installation.ts";
import type { RebuildPlan } from "../../shared/contracts/plan.ts";

/**
 * Starts a process that saves the state of a set's setup image for the next build, if it is not saved yet. It keeps running
 * when this process ends, gives way to all other work, and ends by itself.
 */
export function startWarming({ folder, memory }: RebuildPlan): void {
  if (!savesByItself()) return;
  const sizes = memory === undefined ? [] : ["--memory", `${memory}`];
  const script = [...process.execArgv, installation.commandLine];
  const args = [...script, "warm", "setup", "--unasked", "--recipe", folder, ...sizes];
  const child = spawn(process.execPath, args, { detached: true, stdio: "ignore", cwd: "/" });
  // Without it, the next build is a cold one again.
  child.on("error", () => {});
  child.unref();
}
