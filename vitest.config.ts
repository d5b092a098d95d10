import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // Many tests wait for processes, disks and time-outs: with a worker more than there are cores, none of these is idle.
    maxWorkers: availableParallelism() + 1,
    projects: [
      {
        test: {
          name: "unit",
          // Fast when they have the machine to themselves; on a busy one a process takes seconds to start.
          testTimeout: 30_000,
          // As the window's bundle has it: its CommonJS form hides what it exports from Node.
          server: { deps: { inline: ["vscode-json-languageservice"] } },
          include: [
            "{shared,core,cli,electron,renderer}/**/*.test.ts",
            "tests/*.test.ts",
            "tests/docs/*.test.ts",
          ],
        },
      },
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
          include: ["tests/protocol/**/*.test.ts"],
          globalSetup: ["tests/protocol/build-guest-tools.ts"],
          testTimeout: 60_000,
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
