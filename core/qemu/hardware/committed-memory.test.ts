import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { eventually } from "../../../tests/eventually.ts";
import { committedMemory } from "./committed-memory.ts";

function newSockets(): string {
  const folder = mkdtempSync(join(tmpdir(), "promised-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** A virtual machine that never begins: QEMU waits with all that it was given. */
async function startQemu(sockets: string, mebibytes: number): Promise<void> {
  const qmp = `unix:${sockets}/qmp.sock,server=on,wait=off`;
  const child = spawn(
    "qemu-system-x86_64",
    ["-S", "-display", "none", "-nodefaults", "-m", `size=${mebibytes}M`, "-qmp", qmp],
    { stdio: "ignore" },
  );
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await once(child, "exit");
  });
  await once(child, "spawn");
}

test("what virtual machines were given and have not taken is promised, of all that run", async () => {
  const sockets = newSockets();
  expect(committedMemory(sockets)).toBe(0);
  await startQemu(sockets, 3000);
  await eventually(() => expect(committedMemory(sockets)).toBeGreaterThan(2500));
  expect(committedMemory(sockets)).toBeLessThanOrEqual(3000);
  expect(committedMemory(newSockets())).toBe(0);
});
