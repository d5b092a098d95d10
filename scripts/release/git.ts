import { runCommand } from "../../core/process/run-command.ts";

/** Runs git in one working tree. @returns its output, without the final line break */
export type Git = (...args: readonly string[]) => Promise<string>;

/** Git in a working tree. @param env is added to the environment */
export function gitIn(folder: string, env: Readonly<Record<string, string>> = {}): Git {
  return (...args) => runCommand(["git", ...args], { cwd: folder, env });
}
