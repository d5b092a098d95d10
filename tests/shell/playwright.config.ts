import { defineConfig } from "@playwright/test";

/** The desktop app on Electron: run by tests/shell/desktop.sh, which finds one. */
export default defineConfig({
  testDir: ".",
  outputDir: "../../.build/shell/results",
  workers: 1,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  // A test that passes only at the second try is reported as flaky, and does not fail the suite.
  retries: process.env.CI ? 1 : 0,
  reporter: process.env.CI ? "dot" : "list",
});
