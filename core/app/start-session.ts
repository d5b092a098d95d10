import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AppError } from "../../shared/errors.ts";
import { lastLines } from "../files/files.ts";
import { startMessageSchema, waitingParent } from "../parent-process.ts";

/** Lines of what a process printed that are shown when it did not come up. */
const shownLines = 10;

/**
 * Starts a session in a process of its own, which goes on when this one ends.
 *
 * @param command the program and its arguments; it must call `tellParent` when its session has begun, or why it has not.
 * @returns the session's id.
 * @throws AppError what the process said, or that it ended without a word
 */
export async function startSessionProcess([program, ...args]: readonly [
  string,
  ...string[],
]): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "tinsmith-start-"));
  const printed = join(folder, "stderr");
  const stderr = openSync(printed, "w", 0o600);
  const child = spawn(program, args, {
    detached: true,
    stdio: ["ignore", "ignore", stderr, "ipc"],
    env: { ...process.env, [waitingParent]: "yes" },
  });
  closeSync(stderr);
  try {
    const exited = once(child, "exit").then(([status]) =>
      Promise.reject(endedAtOnce(status, lastLines(printed, shownLines))),
    );
    const [message] = await Promise.race([once(child, "message"), exited]);
    const said = startMessageSchema.parse(message);
    if ("error" in said) throw new AppError(said.error);
    exited.catch(() => {});
    return said.session;
  } finally {
    if (child.connected) child.disconnect();
    child.unref();
    rmSync(folder, { recursive: true });
  }
}

/** Why a session's process did not come up. @param printed what it printed last */
export function endedAtOnce(status: number | null, printed: readonly string[]): AppError {
  return new AppError({
    code: "internal",
    message: `the session's process ended at once, with ${status === null ? "a signal" : `exit status ${status}`}`,
    advice: "What it printed last tells why.",
    details: [...printed],
  });
}
