import { spawn } from "node:child_process";
import { once } from "node:events";
import { missingTool } from "../../core/process/run-command.ts";

const opener = "xdg-open";

/** Opens an address or a folder as a double click would. @throws AppError `missing-tool` on a host without a desktop */
export async function openOnDesktop(target: string): Promise<void> {
  const child = spawn(opener, [target], { detached: true, stdio: "ignore" });
  try {
    await once(child, "spawn");
  } catch {
    throw missingTool(opener);
  }
  child.unref();
}
