import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import type { Plan } from "../../../shared/contracts/plan.ts";
import { AppError } from "../../../shared/errors/errors.ts";
import { lastLines } from "../../files/folders.ts";
import { createTemporaryFolder } from "../../files/writing/temporary-folder.ts";
import { type PlanMessage, startMessageSchema } from "../../process/parent-process.ts";

/** The arguments of a session's process. Its plan follows in a message: `ps` shows arguments to all users. */
export const sessionArguments = ["session"] as const;

/** Lines of a process's output that are shown when it did not start. */
const shownLines = 10;

/**
 * Starts a session in a process of its own, which keeps running when this one ends.
 *
 * @param command the program and its arguments; it must receive a plan, and call `tellParent` when its session has
 *   begun, or why it has not.
 * @returns the session's id.
 * @throws AppError the error that the process reported, or that it ended without a report
 */
export async function startSessionProcess(
  [program, ...args]: readonly [string, ...string[]],
  plan: Plan,
): Promise<string> {
  using folder = createTemporaryFolder("start", "the start of a session");
  const printed = join(folder.path, "stderr");
  const stderr = openSync(printed, "w", 0o600);
  const child = spawn(program, args, { detached: true, stdio: ["ignore", "ignore", stderr, "ipc"] });
  closeSync(stderr);
  try {
    const exited = once(child, "exit").then(([status]) =>
      Promise.reject(endedAtOnce(status, lastLines(printed, shownLines))),
    );
    const answered = Promise.race([once(child, "message"), exited]);
    const message: PlanMessage = { plan };
    // If it can't be sent, the process's end says so.
    child.send(message, () => {});
    const said = startMessageSchema.parse((await answered)[0]);
    if ("error" in said) throw new AppError(said.error);
    exited.catch(() => {});
    return said.session;
  } finally {
    if (child.connected) child.disconnect();
    child.unref();
  }
}

/** The error for a session's process that did not start. @param printed its last output */
export function endedAtOnce(status: number | null, printed: readonly string[]): AppError {
  return new AppError({
    code: "internal",
    message: `the session's process ended at once, with ${status === null ? "a signal" : `exit status ${status}`}`,
    advice: "See its last output.",
    details: [...printed],
  });
}
