import { defineConfig } from "@playwright/test";

/** The desktop app on Electron: run by tests/shell/desktop.sh, which finds one. */
export default defineConfig({
  testDir: ".",
  outputDir: "../../.build/shell/results",
  workers: 1,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  // What passes at the second try only is said to be flaky, and does not hold back what else has changed.
  retries: process.env.CI ? 1 : 0,
  reporter: process.env.CI ? "dot" : "list",
});
