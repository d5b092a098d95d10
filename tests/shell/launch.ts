import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { _electron, chromium, type ElectronApplication, errors, type Page } from "@playwright/test";
import type * as Electron from "electron";
import { testElectron } from "./test-electron/differences.ts";

const project = resolve(import.meta.dirname, "../..");

/** The desktop app, started. */
export interface Shell extends AsyncDisposable {
  /** The version of Electron that it runs on. */
  readonly electron: string;
  /** Its window's page. */
  readonly page: Page;
  /** Runs a function in the main process; it can use nothing but its arguments. */
  evaluate<Result, Argument>(
    run: (electron: typeof Electron, argument: Argument) => Result | Promise<Result>,
    argument: Argument,
  ): Promise<Result>;
  evaluate<Result>(run: (electron: typeof Electron) => Result | Promise<Result>): Promise<Result>;
  /** Settles when the main process has ended, with its exit status; null after a signal. */
  readonly ended: Promise<number | null>;
  readonly processId: number;
}

interface LaunchOptions {
  /** The folder of all that the app keeps: see `findPaths`. */
  readonly home: string;
  readonly args?: readonly string[];
}

interface ShellOptions extends LaunchOptions {
  /** The folder of another app to start; Tinsmith's without it. */
  readonly app?: string;
}

interface StartOptions extends LaunchOptions {
  /** A module for the main process to load before the app. */
  readonly required?: string;
}

/** The Electron to test on. @throws when `desktop.sh` has not named one */
export function findElectron() {
  const folder = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (!folder) throw new Error("Run this by tests/shell/desktop.sh, which finds an Electron and a display.");
  const version = readFileSync(join(folder, "version"), "utf8").trim().replace(/^v/, "");
  const isTestElectron = version === testElectron.version;
  return {
    folder,
    version,
    isTestElectron,
    binary: join(folder, "electron"),
    /** The checkout whose bundles it can run. */
    app: isTestElectron ? join(project, "dist/test-electron") : project,
  };
}

/** Starts the app, and waits for its window. */
export async function launchShell({ home, args = [], app }: ShellOptions): Promise<Shell> {
  const electron = findElectron();
  const { binary, version } = electron;
  const launched = await launchElectron({
    executablePath: binary,
    args: [app ?? electron.app, ...args],
    env: environment(home),
    chromiumSandbox: true,
    timeout: 20_000,
  });
  const child = launched.process();
  const ended = endOf(child);
  return {
    electron: version,
    page: await launched.firstWindow(),
    evaluate: (run: never, argument?: never) => evaluate(launched, run, argument),
    ended,
    processId: child.pid ?? 0,
    [Symbol.asyncDispose]: async () => {
      // Without the questions that quitting asks. It has ended before it can answer.
      if (child.exitCode === null && child.signalCode === null)
        launched.evaluate(({ app }) => app.exit()).catch(() => {});
      await ended;
    },
  } as Shell;
}

/**
 * Evaluates in the main process. A collection of garbage that comes before V8 has told the result takes its promise away:
 * then it is evaluated again.
 */
async function evaluate(launched: ElectronApplication, run: never, argument?: never): Promise<unknown> {
  for (let tries = 1; ; tries += 1)
    try {
      return await launched.evaluate(run, argument);
    } catch (error) {
      if (tries === 3 || !/promise was garbage collected/.test(`${error}`)) throw error;
    }
}

/** Starts Electron. Its debugger does not answer once in some forty starts, before any of the app has run: then it is started again. */
async function launchElectron(options: Parameters<typeof _electron.launch>[0]): Promise<ElectronApplication> {
  try {
    return await _electron.launch(options);
  } catch (error) {
    if (!(error instanceof errors.TimeoutError)) throw error;
    return await _electron.launch(options);
  }
}

/** Starts the app as a person does, without a way into it. In a home where it runs already, it hands its arguments to that one. */
export function startShell({ home, args = [], required }: StartOptions): Pick<Shell, "ended"> & Disposable {
  const { binary, app } = findElectron();
  const options = required ? ["-r", required] : [];
  const child = spawn(binary, [...options, app, ...args], { env: environment(home), stdio: "inherit" });
  return { ended: endOf(child), [Symbol.dispose]: () => void child.kill("SIGKILL") };
}

interface PackedOptions {
  readonly home: string;
  /** The command that starts the app: a program and its first arguments. */
  readonly command: readonly [string, ...string[]];
}

/** Starts a packed app and waits for its window. Its fuses let nobody into the main process, but Chromium's own protocol reaches its pages. */
export async function launchPacked({
  home,
  command: [program, ...args],
}: PackedOptions): Promise<Pick<Shell, "page" | "ended"> & AsyncDisposable> {
  const child = spawn(program, [...args, "--remote-debugging-port=0"], {
    env: environment(home),
    stdio: ["ignore", "inherit", "pipe"],
  });
  const ended = endOf(child);
  const browser = await chromium.connectOverCDP(await debuggerAddress(child.stderr));
  child.stderr.resume();
  const [context] = browser.contexts();
  const page = context?.pages()[0] ?? (await context?.waitForEvent("page"));
  if (!page) throw new Error("the app has no window");
  return {
    page,
    ended,
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

async function debuggerAddress(printed: Readable): Promise<string> {
  const lines: string[] = [];
  for await (const line of createInterface(printed)) {
    const [, address] = /^DevTools listening on (ws:.*)$/.exec(line) ?? [];
    if (address) return address;
    lines.push(line);
  }
  throw new Error(`the app ended at once:\n${lines.join("\n")}`);
}

function environment(home: string) {
  return { ...(process.env as Record<string, string>), CI: "true", TINSMITH_HOME: home };
}

async function endOf(child: ChildProcess): Promise<number | null> {
  const [status] = await once(child, "exit");
  return status;
}
