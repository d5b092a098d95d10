import { spawn } from "node:child_process";
import { once } from "node:events";
import { AppError } from "../../shared/errors.ts";
import { startMessageSchema, waitingParent } from "../parent-process.ts";

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
  const env = { ...process.env, [waitingParent]: "yes" };
  const child = spawn(program, args, { detached: true, stdio: ["ignore", "ignore", "ignore", "ipc"], env });
  try {
    const [message] = await Promise.race([once(child, "message"), gone(child)]);
    const said = startMessageSchema.parse(message);
    if ("error" in said) throw new AppError(said.error);
    return said.session;
  } finally {
    if (child.connected) child.disconnect();
    child.unref();
  }
}

async function gone(child: ReturnType<typeof spawn>): Promise<never> {
  const [status] = await once(child, "exit");
  throw new AppError({
    code: "internal",
    message: `the session's process ended at once, with exit status ${status}`,
    advice: "Start it on the command line to see why: tinsmith rebuild, or tinsmith run.",
  });
}
