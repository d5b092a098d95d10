import { test as base } from "@playwright/test";
import { type ScriptedEngine, startScriptedEngine } from "./scripted-engine.ts";
import { TinsmithPage } from "./tinsmith-page.ts";

/** Each test has an engine of its own, and a window on it. */
export const test = base.extend<{ engine: ScriptedEngine; tinsmith: TinsmithPage }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright finds a fixture's needs in its pattern.
  engine: async ({}, use) => {
    await using engine = await startScriptedEngine();
    await use(engine);
  },
  tinsmith: async ({ page, engine }, use) => {
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(error.message));
    const tinsmith = new TinsmithPage(page);
    await tinsmith.open(engine.newLink());
    await use(tinsmith);
    if (errors.length > 0) throw new Error(`the page threw: ${errors.join("; ")}`);
  },
});

export { expect } from "@playwright/test";
