import { EventEmitter } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, watch, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type * as Electron from "electron";
import { closeBrowser, launchBrowser } from "./browser.ts";
import { preventable } from "./preventable.ts";
import { allWindows } from "./windows.ts";

type App = Pick<
  Electron.App,
  | "whenReady"
  | "quit"
  | "exit"
  | "getPath"
  | "setPath"
  | "enableSandbox"
  | "requestSingleInstanceLock"
  | "isPackaged"
  | "addRecentDocument"
  | "clearRecentDocuments"
  | "setAppUserModelId"
>;

class StandInApp extends EventEmitter implements App {
  readonly isPackaged = false;
  /** What the system was told of. */
  readonly recentDocuments: string[] = [];
  isSandboxed = false;
  readonly #paths = new Map<string, string>([["userData", join(homedir(), ".config/Tinsmith")]]);
  #ready: Promise<void> | undefined;
  #isQuitting = false;

  whenReady(): Promise<void> {
    // Later than all that the app does before it is ready.
    this.#ready ??= Promise.resolve().then(() => launchBrowser(this.getPath("userData")));
    return this.#ready;
  }

  getPath(name: Parameters<Electron.App["getPath"]>[0]): string {
    const path = this.#paths.get(name);
    if (!path) throw new Error(`the stand-in has no path called ${name}`);
    mkdirSync(path, { recursive: true });
    return path;
  }

  setPath(name: string, path: string): void {
    this.#paths.set(name, path);
  }

  enableSandbox(): void {
    this.isSandboxed = true;
  }

  setAppUserModelId(): void {}

  addRecentDocument(path: string): void {
    this.recentDocuments.push(path);
  }

  clearRecentDocuments(): void {
    this.recentDocuments.length = 0;
  }

  /** The first start keeps its process id in a file; others leave their arguments beside it, for it to take. */
  requestSingleInstanceLock(): boolean {
    const folder = join(this.getPath("userData"), "instances");
    mkdirSync(folder, { recursive: true });
    const lock = join(folder, "first");
    if (existsSync(lock) && isRunning(Number(readFileSync(lock, "utf8")))) {
      const letter = { argv: process.argv, folder: process.cwd() };
      writeFileSync(join(folder, `second-${process.pid}.json`), JSON.stringify(letter));
      return false;
    }
    writeFileSync(lock, `${process.pid}`);
    watch(folder, () => {
      for (const name of readdirSync(folder).filter((one) => one.startsWith("second-")))
        this.#take(join(folder, name));
    });
    return true;
  }

  #take(letter: string): void {
    const text = readFileSync(letter, "utf8");
    if (!text) return;
    rmSync(letter);
    const { argv, folder } = JSON.parse(text);
    this.emit("second-instance", {}, argv, folder, undefined);
  }

  quit(): void {
    if (this.#isQuitting) return;
    const event = preventable();
    this.emit("before-quit", event);
    if (event.defaultPrevented) return;
    this.#isQuitting = true;
    void (async () => {
      for (const window of allWindows()) {
        if (await window.closeIfWanted()) continue;
        this.#isQuitting = false;
        return;
      }
      this.emit("will-quit", preventable());
      await this.exit();
    })();
  }

  async exit(status = 0): Promise<void> {
    await closeBrowser();
    process.exit(status);
  }

  /** The last window has closed. */
  windowClosed(): void {
    if (!this.#isQuitting && allWindows().length === 0) this.emit("window-all-closed");
  }
}

function isRunning(processId: number): boolean {
  try {
    return process.kill(processId, 0);
  } catch {
    return false;
  }
}

export const app = new StandInApp();
