import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { _electron, type Browser, chromium, type Page } from "@playwright/test";
import type * as Electron from "electron";

const project = resolve(import.meta.dirname, "../..");
const main = join(project, "dist/electron/main.mjs");
const register = join(import.meta.dirname, "stand-in/register.ts");

/** The desktop app, started. */
export interface Shell extends AsyncDisposable {
  readonly runsOn: "Electron" | "a stand-in for Electron";
  /** Its window's page. */
  readonly page: Page;
  /** Runs a function in the main process; it can use nothing but its arguments. */
  evaluate<Result, Argument>(
    run: (electron: typeof Electron, argument: Argument) => Result | Promise<Result>,
    argument: Argument,
  ): Promise<Result>;
  evaluate<Result>(run: (electron: typeof Electron) => Result | Promise<Result>): Promise<Result>;
  /** Settles when the main process has ended, with its exit status. */
  readonly ended: Promise<number | null>;
  readonly processId: number;
}

interface LaunchOptions {
  /** Where all that the app keeps is: see `findPaths`. */
  readonly home: string;
  readonly args?: readonly string[];
  /** The bundle of the main process, when it is not this checkout's. */
  readonly main?: string;
}

/** The Electron that is installed; undefined where there is none, as where its binary can't be downloaded. */
function findElectron(): string | undefined {
  const folder = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(project, "node_modules/electron/dist");
  const binary = join(folder, "electron");
  return existsSync(binary) ? binary : undefined;
}

/** Starts the app, and waits for its window. */
export function launchShell(options: LaunchOptions): Promise<Shell> {
  const electron = findElectron();
  return electron ? launchElectron(electron, options) : launchStandIn(options);
}

async function launchElectron(
  executablePath: string,
  { home, args = [], main: bundle = main }: LaunchOptions,
): Promise<Shell> {
  const app = await _electron.launch({
    executablePath,
    args: [bundle, ...args],
    env: environment(home),
  });
  const child = app.process();
  return {
    runsOn: "Electron",
    page: await app.firstWindow(),
    evaluate: (run: never, argument?: never) => app.evaluate(run, argument),
    ended: endOf(child),
    processId: child.pid ?? 0,
    [Symbol.asyncDispose]: () => app.close(),
  } as Shell;
}

async function launchStandIn({ home, args = [], main: bundle = main }: LaunchOptions): Promise<Shell> {
  const child = startStandIn({ home, args, main: bundle });
  const ended = endOf(child);
  const address = await Promise.race([
    new Promise<string>((resolve) => {
      child.on("message", (news: { browser?: string }) => {
        if (news.browser) resolve(news.browser);
      });
    }),
    ended.then((status) => Promise.reject(new Error(`the app ended at once, with ${status}`))),
  ]);
  const browser = await chromium.connectOverCDP(address);
  const evaluate = createEvaluate(child);
  const page = await firstPage(browser);
  // What a page asks before it is left, the app answers.
  page.on("dialog", () => {});
  return {
    runsOn: "a stand-in for Electron",
    page,
    evaluate,
    ended,
    processId: child.pid ?? 0,
    [Symbol.asyncDispose]: async () => {
      await browser.close();
      // Without questions; its end is not waited for by what it was asked with.
      if (child.connected) evaluate(({ app }) => app.exit()).catch(() => {});
      await ended;
    },
  };
}

/** Starts the app once more in the same home, where it hands its arguments to the one that runs. */
export function startSecond(options: LaunchOptions): ChildProcess {
  const electron = findElectron();
  const { home, args = [] } = options;
  return electron
    ? spawn(electron, [main, ...args], { env: environment(home), stdio: "inherit" })
    : startStandIn(options);
}

function startStandIn({ home, args = [], main: bundle = main }: LaunchOptions): ChildProcess {
  const options = ["--disable-warning=ExperimentalWarning", "--import", register];
  return spawn(process.execPath, [...options, bundle, ...args], {
    env: environment(home),
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
}

function environment(home: string) {
  return { ...(process.env as Record<string, string>), TINSMITH_HOME: home };
}

async function endOf(child: ChildProcess): Promise<number | null> {
  const [status] = await once(child, "exit");
  return status;
}

async function firstPage(browser: Browser): Promise<Page> {
  const [context] = browser.contexts();
  const page = context?.pages()[0] ?? (await context?.waitForEvent("page"));
  if (!page) throw new Error("Chromium has no page");
  await page.waitForURL(/\/\/app/);
  return page;
}

/** Sends functions to the stand-in, which runs them: see stand-in/control.ts. */
function createEvaluate(child: ChildProcess): Shell["evaluate"] {
  let last = 0;
  return ((run: unknown, argument?: unknown) => {
    last += 1;
    const id = last;
    return new Promise((resolve, reject) => {
      const take = (answer: { id?: number; result?: unknown; error?: string }) => {
        if (answer.id !== id) return;
        child.off("message", take);
        if (answer.error === undefined) resolve(answer.result);
        else reject(new Error(answer.error));
      };
      child.on("message", take);
      child.send({ id, source: `${run}`, argument });
    });
  }) as Shell["evaluate"];
}
