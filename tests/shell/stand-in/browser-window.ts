import { EventEmitter } from "node:events";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import type * as Electron from "electron";
import { toChromium } from "./address.ts";
import { app } from "./app.ts";
import { browserContext } from "./browser.ts";
import { preventable } from "./preventable.ts";
import { session } from "./session.ts";
import { StandInWebContents } from "./web-contents.ts";
import { addWindow, type ClosableWindow } from "./windows.ts";

type Window = Pick<
  Electron.BrowserWindow,
  | "loadURL"
  | "show"
  | "hide"
  | "focus"
  | "close"
  | "restore"
  | "maximize"
  | "isMaximized"
  | "isMinimized"
  | "isVisible"
  | "isFocused"
  | "getNormalBounds"
  | "setProgressBar"
>;

/** A window whose page is a tab; whether it is shown or in front is only written down. */
export class BrowserWindow extends EventEmitter implements Window, ClosableWindow {
  static readonly all: BrowserWindow[] = [];
  readonly options: Electron.BrowserWindowConstructorOptions;
  readonly webContents: StandInWebContents;
  /** What the task bar shows, as the app gave it. */
  progress = -1;
  #isShown: boolean;
  #isMaximized = false;
  #isFocused = false;
  #bounds: Electron.Rectangle;
  readonly #page: Page;
  readonly #remove = addWindow(this);

  constructor(options: Electron.BrowserWindowConstructorOptions) {
    super();
    this.options = options;
    this.#isShown = options.show !== false;
    const { x = 0, y = 0, width = 800, height = 600 } = options;
    this.#bounds = { x, y, width, height };
    const [page] = browserContext().pages();
    if (!page) throw new Error("Chromium starts with a page");
    this.#page = page;
    this.webContents = new StandInWebContents(page);
    app.emit("web-contents-created", {}, this.webContents);
    BrowserWindow.all.push(this);
  }

  static getAllWindows(): readonly BrowserWindow[] {
    return BrowserWindow.all;
  }

  async loadURL(address: string): Promise<void> {
    const preload = this.options.webPreferences?.preload ?? "";
    await this.webContents.prepare(preload, join(app.getPath("userData"), "dropped"));
    await session.defaultSession.grantPermissions(address);
    await this.#page.setViewportSize({ width: this.#bounds.width, height: this.#bounds.height });
    await this.#page.goto(toChromium(address));
    this.emit("ready-to-show");
  }

  show(): void {
    this.#isShown = true;
    this.#isFocused = true;
    this.emit("show");
  }

  hide(): void {
    this.#isShown = false;
    this.#isFocused = false;
    this.emit("hide");
  }

  focus(): void {
    this.#isFocused = true;
  }

  blur(): void {
    this.#isFocused = false;
  }

  restore(): void {}

  maximize(): void {
    this.#isMaximized = true;
  }

  isMaximized(): boolean {
    return this.#isMaximized;
  }

  isMinimized(): boolean {
    return false;
  }

  isVisible(): boolean {
    return this.#isShown;
  }

  isFocused(): boolean {
    return this.#isFocused;
  }

  getNormalBounds(): Electron.Rectangle {
    return this.#bounds;
  }

  setBounds(bounds: Electron.Rectangle): void {
    this.#bounds = bounds;
  }

  setProgressBar(progress: number): void {
    this.progress = progress;
  }

  close(): void {
    void this.closeIfWanted();
  }

  async closeIfWanted(): Promise<boolean> {
    const event = preventable();
    this.emit("close", event);
    if (event.defaultPrevented || !(await this.#leavePage())) return false;
    this.#remove();
    this.emit("closed");
    app.windowClosed();
    return true;
  }

  /** The page may object, and the app may overrule it. */
  async #leavePage(): Promise<boolean> {
    const objection = new Promise<boolean>((resolve) => {
      this.#page.once("close", () => resolve(true));
      this.#page.once("dialog", async (dialog) => {
        const event = preventable();
        this.webContents.emit("will-prevent-unload", event);
        if (event.defaultPrevented) await dialog.accept();
        else {
          await dialog.dismiss();
          resolve(false);
        }
      });
    });
    await this.#page.close({ runBeforeUnload: true });
    return await objection;
  }
}
