import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import type { Paths } from "../../core/storage/paths.ts";
import { newTimedId } from "../../core/time/timed-id.ts";

/** The process of a session of another Tinsmith version. Disposing it kills the process if it still runs. */
export interface OtherVersion extends AsyncDisposable {
  /** The session's id. */
  readonly id: string;
  /** Settles with the exit status when the process has ended. */
  readonly ended: Promise<number | null>;
}

/** Starts a session of another Tinsmith version: its process has only the stable core of shared/contracts/session-protocol.ts. */
export async function startOtherVersion({ sessions }: Paths): Promise<OtherVersion> {
  const id = newTimedId();
  const child = spawn(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", resolve(import.meta.dirname, "session.ts"), id],
    {
      env: { ...process.env, TINSMITH_HOME: resolve(sessions, "..") },
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const ended = once(child, "exit").then(([status]) => status);
  await Promise.race([
    once(child.stdout, "data"),
    ended.then((status) => Promise.reject(new Error(`it ended at once, with ${status}`))),
  ]);
  return {
    id,
    ended,
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
