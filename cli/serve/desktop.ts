import { spawn } from "node:child_process";
import { once } from "node:events";
import { missingTool } from "../../core/process/run-command.ts";
import { AppError } from "../../shared/errors/errors.ts";

const opener = "xdg-open";

/**
 * Opens an address or a folder as a double click would. Settles when the opener has ended: some openers run as long as the
 * program that they start.
 *
 * @throws AppError `missing-tool` on a host without a desktop, `command-failed` if it finds no program that opens the target
 */
export async function openOnDesktop(target: string): Promise<void> {
  const child = spawn(opener, [target], { detached: true, stdio: "ignore" });
  child.unref();
  const [status] = await once(child, "exit").catch(() => Promise.reject(missingTool(opener)));
  if (status !== 0) throw noProgram();
}

function noProgram(): AppError {
  return new AppError({
    code: "command-failed",
    message: `${opener} found no program to open it with`,
    advice: "Install one, or open it yourself.",
  });
}
