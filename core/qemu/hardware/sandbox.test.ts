import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { findSandbox } from "./sandbox.ts";

/** A program that prints to stderr and fails, as QEMU does. */
function refusing(message: string): string {
  const folder = mkdtempSync(join(tmpdir(), "tinsmith-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const program = join(folder, "qemu");
  writeFileSync(program, `#!/bin/sh\necho '${message}' >&2\nexit 1\n`);
  chmodSync(program, 0o755);
  return program;
}

test("the QEMU of this host takes the sandbox", async () => {
  expect(await findSandbox("qemu-system-x86_64")).toMatch(/^on,/);
});

test.each([
  "-sandbox on: There is no option group 'sandbox'",
  "failed to install seccomp syscall filter in the kernel",
])("a QEMU that says %j has none", async (message) => {
  expect(await findSandbox(refusing(message))).toBeUndefined();
});
