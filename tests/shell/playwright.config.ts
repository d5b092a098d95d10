import { defineConfig } from "@playwright/test";

/** The desktop app: its own bundles, on Electron where there is one, else on a stand-in. */
export default defineConfig({
  testDir: ".",
  outputDir: "../../.build/shell",
  workers: 1,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: process.env.CI ? "dot" : "list",
});
