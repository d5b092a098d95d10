import { execa } from "execa";
import type { AskForAction } from "./service-rule.ts";

/** The input of a shell, if no other is asked for. */
const usualInput = "input";

/**
 * Asks a service for actions with a shell's command, which has the action's type in ACTION, its path in ACTION_PATH, and a
 * shell's input on stdin. It prints the answer, and ends when it has it.
 */
export function askByCommand(command: string, signal: AbortSignal): AskForAction {
  return async (type, input = usualInput) => {
    const { stdout, stderr } = await execa("sh", ["-c", command], {
      env: { ACTION: type, ACTION_PATH: "/conformance" },
      input,
      cancelSignal: signal,
      reject: false,
    });
    return stdout === "" ? stderr : stdout;
  };
}
