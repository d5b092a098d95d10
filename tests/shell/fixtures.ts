import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test as base } from "@playwright/test";
import { TinsmithPage } from "../ui/tinsmith-page.ts";
import { launchShell, type Shell } from "./launch.ts";

/** Each test has a home of its own, the app started in it, and its window. */
export const test = base.extend<{ home: string; shell: Shell; tinsmith: TinsmithPage }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright finds a fixture's needs in its pattern.
  home: async ({}, use) => {
    const home = mkdtempSync(join(tmpdir(), "shell-"));
    await use(home);
    rmSync(home, { recursive: true, force: true });
  },
  shell: async ({ home }, use, { annotations }) => {
    await using shell = await launchShell({ home });
    annotations.push({ type: "Electron", description: shell.electron });
    const errors: string[] = [];
    shell.page.on("pageerror", (error) => errors.push(error.message));
    await use(shell);
    if (errors.length > 0) throw new Error(`the page threw: ${errors.join("; ")}`);
  },
  tinsmith: async ({ shell }, use) => {
    const tinsmith = new TinsmithPage(shell.page);
    await tinsmith.isUsable();
    await use(tinsmith);
  },
});

export { expect } from "@playwright/test";
