import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inject } from "vitest";
import { type MetaService, startMetaService } from "../../core/metaservice/service/meta-service.ts";
import { startGuestClock } from "../../core/time/guest-clock.ts";
import type { TaskResult } from "../../shared/guest/guest-protocol.ts";
import type { TaskOutcome } from "../../shared/guest/task-outcome.ts";
import { eventually } from "../eventually.ts";
import { type Passage, startRelay } from "./relay.ts";

/** The real guest tools on this host, and the MetaService that they talk to through a relay. */
export interface Stage extends AsyncDisposable {
  /** The tests' own folder. */
  readonly folder: string;
  /** The service that runs now. */
  service(): MetaService;
  /** Ends the service; what it forgets, the next one does not know. */
  stopService(): Promise<void>;
  startService(): Promise<void>;
  restartService(): Promise<void>;
  /** Starts guest tools, one more or in place of those that were killed. */
  startTools(): ChildProcess;
  readonly tools: ChildProcess;
  /** The text that was logged to all services. */
  logged(): string;
  readonly results: readonly TaskResult[];
  readonly outcomes: readonly TaskOutcome[];
  /** The tools' output on their own console. */
  console(): string;
  /** Waits until the log has a text. */
  untilLogged(text: string): Promise<void>;
}

interface StageOptions {
  /** A script for the shell, which is the task. */
  readonly script?: string;
  /** False for a task without a terminal. */
  readonly tty?: boolean;
  /** The guest tools' configuration file. */
  readonly config?: string;
  readonly passageOf?: (() => Passage) | undefined;
}

export async function setStage({
  script = ":",
  tty,
  config = "",
  passageOf,
}: StageOptions = {}): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), "ts-"));
  const socketPath = join(folder, "meta.sock");
  const configFile = join(folder, "guest-tools.yaml");
  writeFileSync(configFile, config);
  const results: TaskResult[] = [];
  const outcomes: TaskOutcome[] = [];
  const log: Uint8Array[] = [];
  const said: Uint8Array[] = [];
  const logged = () => Buffer.concat(log).toString();

  const start = () =>
    startMetaService({
      clock: startGuestClock(),

      socketPath,
      task: { env: { FOLDER: folder }, command: ["sh", "-c", script], tty },
      log: (chunk) => void log.push(Buffer.from(chunk)),
      onResult: (outcome) => {
        results.push(outcome.result);
        outcomes.push(outcome);
      },
    });
  let service = await start();
  const relay = await startRelay(socketPath, passageOf);
  const running = new Set<ChildProcess>();
  const startTools = () => {
    const tools = spawn(inject("guestTools"), ["--config", configFile, "--host", relay.host, "run"], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    tools.stderr.on("data", (bytes) => said.push(bytes));
    running.add(tools);
    return tools;
  };
  const stopService = () => service.close();
  const startService = async () => {
    service = await start();
  };
  const tools = startTools();
  return {
    folder,
    service: () => service,
    stopService,
    startService,
    restartService: async () => {
      await stopService();
      await startService();
    },
    tools,
    startTools,
    logged,
    results,
    outcomes,
    console: () => Buffer.concat(said).toString(),
    untilLogged: (text) => eventually(() => expectText(logged(), text)),
    [Symbol.asyncDispose]: async () => {
      for (const one of running) if (one.exitCode === null && one.kill("SIGKILL")) await once(one, "exit");
      await relay[Symbol.asyncDispose]();
      await service.close();
      rmSync(folder, { recursive: true });
    },
  };
}

function expectText(all: string, text: string): void {
  if (!all.includes(text))
    throw new Error(`${JSON.stringify(text)} is not in ${JSON.stringify(all.slice(-500))}`);
}
