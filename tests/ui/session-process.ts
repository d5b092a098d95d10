import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Untimed } from "../../core/session-record/report.ts";
import type { Paths } from "../../core/storage/paths.ts";
import type { SessionHappening } from "../../shared/session/session-event.ts";

/** A build or run in a process of its own, of which a test says what happens, and whether it lives and hears. */
export interface SessionProcess extends AsyncDisposable {
  /** The session's id. */
  readonly id: string;
  /** Adds to the session's record, and waits until it is there. */
  record(event: Untimed<SessionHappening>): Promise<void>;
  /** Ends it as the system does that has no memory left: it says nothing of that. */
  kill(): Promise<void>;
  /** From now on it answers nothing, until it resumes. */
  standStill(): void;
  goOn(): void;
  /** From now on it hears nothing any more, not even SIGTERM: only SIGKILL ends it. */
  goDeaf(): Promise<void>;
}

/** A message to its process. */
export type ScriptedMessage = { readonly event: Untimed<SessionHappening> } | { readonly isDeaf: true };

/** @param image the archive that it builds or runs */
export async function startSessionProcess(
  paths: Paths,
  kind: "build" | "run",
  image: string,
): Promise<SessionProcess> {
  const child = fork(join(import.meta.dirname, "session-process-main.ts"), [kind, image], {
    env: { ...process.env, TINSMITH_HOME: join(paths.sessions, "..") },
    execArgv: ["--disable-warning=ExperimentalWarning"],
  });
  const { id } = await nextMessage(child);
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    child.kill(signal);
    await exited;
  };
  const tell = async (message: ScriptedMessage) => {
    const taken = nextMessage(child);
    child.send(message);
    await taken;
  };
  return {
    id,
    record: (event) => tell({ event }),
    kill: () => end("SIGKILL"),
    standStill: () => void child.kill("SIGSTOP"),
    goOn: () => void child.kill("SIGCONT"),
    goDeaf: () => tell({ isDeaf: true }),
    [Symbol.asyncDispose]: () => end("SIGKILL"),
  };
}

async function nextMessage(child: ChildProcess): Promise<{ readonly id: string }> {
  const ended = once(child, "exit").then(([status]) => {
    throw new Error(`the session's process has ended, with ${status}`);
  });
  const [message] = await Promise.race([once(child, "message"), ended]);
  return message;
}
