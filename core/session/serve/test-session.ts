import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { GuestActions } from "../../metaservice/actions/guest-actions.ts";
import { findPaths, type Paths } from "../../storage/paths.ts";
import { openServedSession, type ServedSession } from "./served-session.ts";

/** A home of a test's own. */
export function newHome(): Paths {
  const home = mkdtempSync(join(tmpdir(), "ts-"));
  onTestFinished(() => rmSync(home, { recursive: true }));
  return findPaths({ TINSMITH_HOME: home });
}

/** Opens a session that is closed when the test has finished, with a guest that does what the test says, if anything. */
export async function openTestSession(
  paths: Paths,
  actions?: Partial<GuestActions>,
  title = "a test",
): Promise<ServedSession> {
  const session = await openServedSession(paths, { title, kind: "run", image: "/images/worker.tar.lz4" });
  let isOpen = true;
  onTestFinished(async () => {
    if (isOpen) await session[Symbol.asyncDispose]();
  });
  if (actions) session.guest.provide({ ...idleGuest, ...actions });
  return {
    ...session,
    [Symbol.asyncDispose]: async () => {
      isOpen = false;
      await session[Symbol.asyncDispose]();
    },
  };
}

interface SessionProcess {
  readonly id: string;
  readonly child: ChildProcess;
}

/**
 * Starts a session in a process of its own, which ends in order on SIGTERM.
 *
 * @param kind a hanging one is so busy that it never answers
 */
export async function startSession(
  paths: Paths,
  kind: "answering" | "hanging" = "answering",
): Promise<SessionProcess> {
  const module = join(import.meta.dirname, "served-session.ts");
  const script = `
    import { writeSync } from "node:fs";
    import { openServedSession } from ${JSON.stringify(module)};
    const session = await openServedSession(${JSON.stringify(paths)}, { title: "a process", kind: "run" });
    process.once("SIGTERM", () => session[Symbol.asyncDispose]());
    writeSync(1, session.id);
    if (${kind === "hanging"}) for (;;);`;
  const options = ["--disable-warning=ExperimentalWarning", "--input-type=module", "-e"];
  const child = spawn(process.execPath, [...options, script]);
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  });
  const [id] = await once(child.stdout, "data");
  return { id: String(id), child };
}

/** Starts a session as `startSession` does, whose process is then stopped (SIGSTOP). @returns its id */
export async function startStoppedSession(paths: Paths): Promise<string> {
  const { id, child } = await startSession(paths);
  child.kill("SIGSTOP");
  return id;
}

const notScripted = () => Promise.reject(new Error("the test has no script for this"));

const idleGuest: GuestActions = {
  listFolder: notScripted,
  getArtifact: notScripted,
  killProcess: notScripted,
  performComposed: notScripted,
  repeatRequest: notScripted,
  openShell: notScripted,
};

/** An action of which the test sees how it is cancelled: it never ends otherwise. */
export function untilCancelled() {
  const started = Promise.withResolvers<void>();
  const cancelled = Promise.withResolvers<unknown>();
  const act = (signal: AbortSignal | undefined): Promise<never> => {
    started.resolve();
    return new Promise((_resolve, reject) =>
      signal?.addEventListener("abort", () => {
        cancelled.resolve(signal.reason);
        reject(signal.reason);
      }),
    );
  };
  return { act, started: started.promise, cancelled: cancelled.promise };
}
