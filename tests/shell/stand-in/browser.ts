import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type BrowserContext, chromium } from "@playwright/test";
import { browserOptions } from "../../ui/browser.ts";
import { tellTheTest } from "./control.ts";

let context: BrowserContext | undefined;

/** Starts Chromium, with a profile in the app's own folder, and tells the test where it can be reached. */
export async function launchBrowser(userData: string): Promise<void> {
  const profile = join(userData, "chromium");
  mkdirSync(profile, { recursive: true });
  context = await chromium.launchPersistentContext(profile, {
    ...browserOptions,
    args: [...browserOptions.args, "--remote-debugging-port=0"],
    // A window has the size that it is given.
    viewport: null,
  });
  const [port] = readFileSync(join(profile, "DevToolsActivePort"), "utf8").split("\n");
  tellTheTest({ browser: `http://127.0.0.1:${port}` });
}

export function browserContext(): BrowserContext {
  if (!context) throw new Error("a window is opened before the app is ready");
  return context;
}

export async function closeBrowser(): Promise<void> {
  await context?.close();
}
