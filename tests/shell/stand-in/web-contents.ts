import { EventEmitter } from "node:events";
import { readFileSync } from "node:fs";
import type { CDPSession, Page } from "@playwright/test";
import type * as Electron from "electron";
import { toElectron } from "./address.ts";
import { ipcMain } from "./ipc-main.ts";
import { createPreloadElectron, receiveExposed } from "./page-side.ts";
import { type Encoded, type PortMessage, StandInPort } from "./ports.ts";
import { preventable } from "./preventable.ts";
import { answerRequest } from "./protocol.ts";

/** The world of the preload script, apart from the page's. */
const preloadWorld = "preload";

interface IpcMessage {
  readonly channel: string;
  readonly message: unknown;
  readonly ports: readonly number[];
}

/** One document's preload world: the ports between it and the main process end with it. */
class PreloadWorld {
  readonly ports = new Map<number, StandInPort>();
  readonly #devTools: CDPSession;
  readonly #contextId: number;
  #outgoing: PortMessage[] = [];
  #isSending = false;

  constructor(devTools: CDPSession, contextId: number) {
    this.#devTools = devTools;
    this.#contextId = contextId;
  }

  port(number: number): StandInPort {
    const known = this.ports.get(number);
    if (known) return known;
    const port = new StandInPort((data: Encoded | undefined) =>
      this.#send({ port: number, ...(data && { data }) }),
    );
    this.ports.set(number, port);
    return port;
  }

  closePort(number: number): void {
    this.ports.get(number)?.emit("close");
    this.ports.delete(number);
  }

  closePorts(): void {
    for (const number of [...this.ports.keys()]) this.closePort(number);
  }

  /** Many messages cross at once while one is on its way. */
  #send(message: PortMessage): void {
    this.#outgoing.push(message);
    if (!this.#isSending) void this.#sendAll();
  }

  async #sendAll(): Promise<void> {
    this.#isSending = true;
    while (this.#outgoing.length > 0) {
      const messages = this.#outgoing;
      this.#outgoing = [];
      const expression = `fromMain(${JSON.stringify(messages)})`;
      // A page that has gone takes no more.
      await this.#devTools
        .send("Runtime.evaluate", { expression, contextId: this.#contextId })
        .catch(() => this.closePorts());
    }
    this.#isSending = false;
  }
}

/** A window's page. */
export class StandInWebContents
  extends EventEmitter
  implements Pick<Electron.WebContents, "getURL" | "setWindowOpenHandler">
{
  readonly page: Page;
  readonly #worlds = new Map<number, PreloadWorld>();
  #mayOpen: Parameters<Electron.WebContents["setWindowOpenHandler"]>[0] = () => ({ action: "allow" });

  constructor(page: Page) {
    super();
    this.page = page;
  }

  getURL(): string {
    return toElectron(this.page.url());
  }

  setWindowOpenHandler(handler: Parameters<Electron.WebContents["setWindowOpenHandler"]>[0]): void {
    this.#mayOpen = handler;
  }

  /** Lets requests, further windows and the preload script go as Electron does. */
  async prepare(preload: string, dropFolder: string): Promise<void> {
    const { page } = this;
    await page.route("**/*", async (route) => {
      const request = route.request();
      const event = Object.assign(preventable(), {
        url: toElectron(request.url()),
        isMainFrame: request.isNavigationRequest() && request.frame() === page.mainFrame(),
      });
      // The app's own loads raise no such event; the first one is its own.
      if (request.isNavigationRequest() && page.url() !== "about:blank")
        this.emit("will-frame-navigate", event);
      // Without content, Chromium stays at the page where it is.
      if (event.defaultPrevented) await route.fulfill({ status: 204 });
      else await answerRequest(route);
    });
    const devTools = await page.context().newCDPSession(page);
    devTools.on("Runtime.executionContextCreated", ({ context }) => {
      if (context.name === preloadWorld) this.#worlds.set(context.id, new PreloadWorld(devTools, context.id));
    });
    devTools.on("Runtime.executionContextDestroyed", ({ executionContextId }) => {
      this.#worlds.get(executionContextId)?.closePorts();
      this.#worlds.delete(executionContextId);
    });
    devTools.on("Runtime.executionContextsCleared", () => {
      for (const world of this.#worlds.values()) world.closePorts();
      this.#worlds.clear();
    });
    devTools.on("Runtime.bindingCalled", ({ payload, executionContextId }) => {
      const world = this.#worlds.get(executionContextId);
      if (world) this.#take(world, JSON.parse(payload));
    });
    let mayOpen = false;
    devTools.on("Page.windowOpen", ({ url }) => {
      mayOpen = this.#mayOpen({ url: toElectron(url) } as Electron.HandlerDetails).action === "allow";
    });
    page.on("popup", async (popup) => {
      if (!mayOpen) await popup.close();
    });
    await devTools.send("Runtime.enable");
    await devTools.send("Page.enable");
    await devTools.send("Runtime.addBinding", { name: "toMain", executionContextName: preloadWorld });
    await devTools.send("Page.addScriptToEvaluateOnNewDocument", {
      source: inMainFrame(`(${receiveExposed})()`),
    });
    const electron = `(${createPreloadElectron})(${JSON.stringify(dropFolder)})`;
    const script = `const electron = ${electron}; ((require) => {${readFileSync(preload, "utf8")}\n})(() => electron);`;
    await devTools.send("Page.addScriptToEvaluateOnNewDocument", {
      source: inMainFrame(script),
      worldName: preloadWorld,
    });
  }

  #take(world: PreloadWorld, message: PortMessage | IpcMessage): void {
    if ("channel" in message) {
      const senderFrame = { url: this.getURL(), parent: null };
      const ports = message.ports.map((number) => world.port(number));
      ipcMain.emit(message.channel, { senderFrame, sender: this, ports }, message.message);
    } else if (message.data) {
      const ports = (message.ports ?? []).map((number) => world.port(number));
      world.port(message.port).take(message.data, ports);
    } else world.closePort(message.port);
  }
}

function inMainFrame(script: string): string {
  return `if (window === window.top) { ${script} }`;
}
