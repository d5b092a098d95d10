import { spawn } from "node:child_process";
import { AppError } from "../../shared/errors/errors.ts";

/**
 * Starts guest tools on this host, for the session that this process has open: they end with it, with all that they have
 * started. Their output goes to stderr.
 *
 * @param command for a shell, which has the MetaService's HOST:PORT in TINSMITH_HOST
 * @param onEnd called if they end by themselves, with the error for it
 */
export function startHostTools(command: string, address: string, onEnd: (error: AppError) => void): void {
  const shell = spawn("sh", ["-c", command], {
    env: { ...process.env, TINSMITH_HOST: address },
    stdio: ["ignore", process.stderr, process.stderr],
    detached: true,
  });
  shell.on("error", ({ message }) => onEnd(toolsEnded(message)));
  shell.on("exit", (status, signal) => onEnd(toolsEnded(signal ?? `exit status ${status}`)));
}

function toolsEnded(how: string): AppError {
  return new AppError({
    code: "guest-tools-lost",
    message: `the guest tools on this host ended: ${how}`,
    advice: "See their output, and check the command of --guest-tools.",
  });
}
