import { type UtilityProcess, utilityProcess } from "electron";
import { endedAtOnce } from "../core/app/start-session.ts";
import { startMessageSchema, stopMessage } from "../core/parent-process.ts";
import { AppError } from "../shared/errors.ts";
import { lastPrintedLines } from "./last-printed-lines.ts";

/** The processes of the sessions that this app has started. They end with it. */
export interface SessionProcesses {
  /** Starts a session by the arguments of a command line. @returns its id. @throws AppError why it has not begun */
  start(args: readonly string[]): Promise<string>;
  /** Asks a session to end in order. @returns false when it was not started here, or has ended */
  stop(session: string): boolean;
  readonly count: () => number;
  /** Asks all to end, and waits until they have; those that take too long are killed. */
  stopAll(): Promise<void>;
}

/** What unwinding takes at most: QEMU is asked, told, and killed within it. Milliseconds. */
const stopTimeout = 20_000;

/** @param commandLine the bundle of the command line, which each process runs with arguments of its own */
export function createSessionProcesses(commandLine: string): SessionProcesses {
  const running = new Map<UtilityProcess, string | undefined>();
  const ask = (child: UtilityProcess) => child.postMessage(stopMessage);

  return {
    start: async (args) => {
      const child = utilityProcess.fork(commandLine, [...args], {
        serviceName: "Tinsmith session",
        stdio: ["ignore", "ignore", "pipe"],
      });
      running.set(child, undefined);
      child.once("exit", () => running.delete(child));
      const printed = lastPrintedLines(child.stderr);
      const begun = Promise.withResolvers<string>();
      child.once("exit", (status) => begun.reject(endedAtOnce(status, printed())));
      child.once("message", (message) => {
        const said = startMessageSchema.parse(message);
        if ("error" in said) return begun.reject(new AppError(said.error));
        running.set(child, said.session);
        begun.resolve(said.session);
      });
      return await begun.promise;
    },
    stop: (session) => {
      const [child] = [...running].find(([, id]) => id === session) ?? [];
      if (child) ask(child);
      return child !== undefined;
    },
    count: () => running.size,
    stopAll: async () => {
      const ended = [...running.keys()].map((child) => {
        const { promise, resolve } = Promise.withResolvers<void>();
        child.once("exit", () => resolve());
        ask(child);
        return promise;
      });
      const kill = setTimeout(() => {
        for (const child of running.keys()) child.kill();
      }, stopTimeout);
      await Promise.all(ended);
      clearTimeout(kill);
    },
  };
}
