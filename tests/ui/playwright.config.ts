import { defineConfig } from "@playwright/test";
import { browserOptions } from "./browser.ts";

export default defineConfig({
  testDir: ".",
  outputDir: "../../.build/ui",
  // Two cores, of which one is the browser's.
  workers: 1,
  timeout: 60_000,
  // A busy machine draws late.
  expect: { timeout: 15_000 },
  projects: [
    { name: "scripted", testIgnore: ["rebuild.spec.ts", "real/**"] },
    // Real virtual machines: the first one builds the images that all others start from.
    { name: "rebuild", testMatch: "rebuild.spec.ts" },
    { name: "real", testMatch: "real/*.spec.ts", dependencies: ["rebuild"] },
  ],
  reporter: process.env.CI ? "dot" : "list",
  use: {
    viewport: { width: 1280, height: 800 },
    permissions: ["clipboard-read", "clipboard-write"],
    launchOptions: browserOptions,
  },
});
