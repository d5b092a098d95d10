import { type ChildProcess, fork } from "node:child_process";
import { EventEmitter } from "node:events";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import type * as Electron from "electron";

const parentPort = fileURLToPath(new URL("parent-port.ts", import.meta.url));

class StandInUtilityProcess
  extends EventEmitter
  implements Pick<Electron.UtilityProcess, "postMessage" | "kill">
{
  readonly stderr: Readable | null;
  readonly #child: ChildProcess;

  constructor(child: ChildProcess) {
    super();
    this.#child = child;
    this.stderr = child.stderr;
    child.on("message", (message) => this.emit("message", message));
    child.on("exit", (status) => this.emit("exit", status ?? 1));
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  postMessage(message: unknown): void {
    if (this.#child.connected) this.#child.send(message as object);
  }

  kill(): boolean {
    return this.#child.kill();
  }
}

/** The processes that were started, for tests to look at. */
export const utilityProcess = {
  started: [] as StandInUtilityProcess[],
  fork: (modulePath: string, args: readonly string[] = [], { env }: Electron.ForkOptions = {}) => {
    const child = fork(modulePath, args, {
      execArgv: ["--import", parentPort],
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      env: { ...(env ?? process.env), NODE_OPTIONS: "" },
    });
    const one = new StandInUtilityProcess(child);
    utilityProcess.started.push(one);
    return one as unknown as Electron.UtilityProcess;
  },
};
