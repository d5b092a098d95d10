import { defineConfig } from "@playwright/test";

/** Debian's browser; elsewhere its path is given by CHROMIUM. */
const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";

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
    launchOptions: {
      executablePath,
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
