import { defineConfig } from "@playwright/test";

/** The desktop app on Electron: run by tests/shell/desktop.sh, which finds one. */
export default defineConfig({
  testDir: ".",
  outputDir: "../../.build/shell/results",
  workers: 1,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: process.env.CI ? "dot" : "list",
});
