import { type UtilityProcess, utilityProcess } from "electron";
import { unwindTimeout } from "../../core/async/process-end.ts";
import {
  heardMessage,
  type PlanMessage,
  startMessageSchema,
  stopMessages,
} from "../../core/process/parent-process.ts";
import { endedAtOnce, sessionArguments } from "../../core/session/client/start-session.ts";
import type { Plan } from "../../shared/contracts/plan.ts";
import { AppError } from "../../shared/errors/errors.ts";
import { lastPrintedLines } from "./last-printed-lines.ts";

/** The processes of the sessions that this app has started. They end with it. */
export interface SessionProcesses {
  /** Starts a session that performs a plan. @returns its id. @throws AppError the reason why it has not begun */
  start(plan: Plan): Promise<string>;
  readonly count: () => number;
  /** Asks all to end, and waits until they have; those that take too long are forced to, and then killed. */
  stopAll(): Promise<void>;
}

/** A forced end waits for nothing, but may have much to remove. Milliseconds. */
const forcedStopTimeout = 5_000;

/**
 * @param commandLine the bundle of the CLI, which each process runs
 * @param onRunning called with the ids of the running sessions, whenever they change, except those that end with the
 *   app
 */
export function createSessionProcesses(
  commandLine: string,
  onRunning: (ids: readonly string[]) => void,
): SessionProcesses {
  const running = new Set<UtilityProcess>();
  const ids = new Map<UtilityProcess, string>();
  let isStopping = false;

  return {
    start: async (plan) => {
      if (isStopping) throw isQuitting();
      const child = utilityProcess.fork(commandLine, [...sessionArguments], {
        serviceName: "Tinsmith session",
        stdio: ["ignore", "ignore", "pipe"],
      });
      running.add(child);
      child.once("exit", () => {
        running.delete(child);
        if (!isStopping && ids.delete(child)) onRunning([...ids.values()]);
      });
      const printed = lastPrintedLines(child.stderr);
      const begun = Promise.withResolvers<string>();
      child.once("exit", (status) => begun.reject(endedAtOnce(status, printed())));
      child.once("message", (message) => {
        child.postMessage(heardMessage);
        const said = startMessageSchema.parse(message);
        if ("error" in said) return begun.reject(new AppError(said.error));
        ids.set(child, said.session);
        onRunning([...ids.values()]);
        begun.resolve(said.session);
      });
      const message: PlanMessage = { plan };
      child.postMessage(message);
      return await begun.promise;
    },
    count: () => running.size,
    stopAll: async () => {
      isStopping = true;
      const ended = [...running].map((child) => {
        const { promise, resolve } = Promise.withResolvers<void>();
        child.once("exit", () => resolve());
        return promise;
      });
      const ask = (message: string) => {
        for (const child of running) child.postMessage(message);
      };
      ask(stopMessages.inOrder);
      const force = setTimeout(() => ask(stopMessages.forced), unwindTimeout);
      const kill = setTimeout(() => {
        // kill() of a utility process sends SIGTERM, which asks once more.
        for (const { pid } of running) if (pid !== undefined) process.kill(pid, "SIGKILL");
      }, unwindTimeout + forcedStopTimeout);
      await Promise.all(ended);
      clearTimeout(force);
      clearTimeout(kill);
      isStopping = false;
    },
  };
}

function isQuitting(): AppError {
  return new AppError({
    code: "busy",
    message: "Tinsmith is quitting",
    advice: "Start Tinsmith again, then try again.",
  });
}
