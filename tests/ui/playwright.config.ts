import { defineConfig } from "@playwright/test";
import { browserOptions } from "./browser.ts";

export default defineConfig({
  testDir: ".",
  outputDir: "../../.build/ui",
  // A window waits for its engine or its guest half of the time. CI has two cores.
  workers: 4,
  timeout: 60_000,
  // A busy machine draws late.
  expect: { timeout: 15_000 },
  projects: [
    // Real virtual machines. They come first: the others fill the gaps that they leave.
    { name: "real", testMatch: "real/*.spec.ts", workers: 2 },
    { name: "scripted", testIgnore: ["real/**", "more/**"], fullyParallel: true },
    // Those of rarer conditions, which take as long again.
    { name: "more", testMatch: "more/*.spec.ts", fullyParallel: true },
  ],
  // A test that passes only at the second try is reported as flaky, and does not fail the suite.
  retries: process.env.CI ? 1 : 0,
  reporter: process.env.CI ? "dot" : "list",
  use: {
    viewport: { width: 1280, height: 800 },
    permissions: ["clipboard-read", "clipboard-write"],
    launchOptions: browserOptions,
  },
});
