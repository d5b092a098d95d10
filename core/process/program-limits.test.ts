import { describe, expect, test } from "vitest";
import type { ProgramLimits } from "./program-limits.ts";
import { runCommand } from "./run-command.ts";

const limits: ProgramLimits = { memory: 1024 * 1024 ** 2, seconds: 60 };
const runScript = (script: string) => runCommand([process.execPath, "-e", script], { limits });

describe.runIf(process.platform === "linux")("a program with limits", () => {
  test("reserves as many addresses as it likes", async () => {
    const script = `
      const status = require("node:fs").readFileSync("/proc/self/status", "utf8");
      console.log(/VmPeak:\\s*(\\d+) kB/.exec(status)[1]);`;
    expect(Number(await runScript(script)) * 1024).toBeGreaterThan(limits.memory);
  });

  test("is ended when it uses more memory, and it is the one that the error names", async () => {
    const used = runScript(`Buffer.alloc(${limits.memory}, 1)`);
    await expect(used).rejects.toMatchObject({
      code: "command-failed",
      message: expect.stringMatching(/^\S*node /),
    });
  });

  test("is missing under its own name", async () => {
    const missing = runCommand(["no-such-program"], { limits });
    await expect(missing).rejects.toMatchObject({ message: "the program no-such-program is not installed" });
  });
});
