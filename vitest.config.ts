import { globSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

const unitTests = globSync([
  "{shared,core,cli,electron,renderer,scripts}/**/*.test.ts",
  "tests/*.test.ts",
  "tests/compatibility/*.test.ts",
  "tests/docs/*.test.ts",
]);
/** Those that replace or reload modules, which all files of the same worker would see. */
const isolatedTests = unitTests.filter((file) =>
  /\bvi\.(mock|resetModules)\(/.test(readFileSync(file, "utf8")),
);

/** As both kinds of unit tests have it. */
const unit = {
  // Fast when they have the machine to themselves; on a busy one a process takes seconds to start.
  testTimeout: 30_000,
  // As the window's bundle has it: its CommonJS form hides what it exports from Node.
  server: { deps: { inline: ["vscode-json-languageservice"] } },
};

/** Real guest tools and real virtual machines, on a busy host: a test that passes only at the second try is reported so. */
const retry = process.env.CI ? 1 : 0;

export default defineConfig({
  test: {
    // Many tests wait for processes, disks and time-outs: with a worker more than there are cores, none of these is idle.
    maxWorkers: availableParallelism() + 1,
    projects: [
      {
        test: {
          ...unit,
          name: "unit",
          // All files of a worker share the modules that they import: to load them again takes as long as the tests.
          isolate: false,
          include: unitTests,
          exclude: isolatedTests,
        },
      },
      { test: { ...unit, name: "unit-isolated", include: isolatedTests } },
      {
        test: {
          // Guarantees that must hold under any failure: these tests take longer than a unit test may.
          name: "hard",
          testTimeout: 60_000,
          include: ["tests/hard/*.test.ts"],
        },
      },
      {
        test: {
          // The guest tools themselves talk to the service, on this host.
          name: "protocol",
          retry,
          include: ["tests/protocol/**/*.test.ts"],
          globalSetup: ["tests/protocol/build-guest-tools.ts"],
          testTimeout: 60_000,
        },
      },
      {
        test: {
          // Real servers: images are published to them and fetched from them, and a matrix is built over ssh.
          name: "remote",
          include: ["tests/remote/*.test.ts"],
          testTimeout: 120_000,
        },
      },
      {
        test: {
          // The packages, packed and installed as users get them.
          name: "package",
          include: ["tests/package/*.test.ts"],
          testTimeout: 60_000,
        },
      },
      {
        test: {
          // These boot real virtual machines under emulation: one for each core, minutes allowed.
          name: "guest",
          retry,
          include: ["tests/guest/**/*.test.ts"],
          globalSetup: ["tests/guest/build-images.ts"],
          maxWorkers: availableParallelism(),
          testTimeout: 300_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
});
