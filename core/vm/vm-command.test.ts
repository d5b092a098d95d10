import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { parseMachine } from "../../shared/machine/machine.ts";
import { newHome } from "../session/serve/test-session.ts";
import { sessionPaths } from "../storage/paths.ts";
import { type VmCommandOptions, vmCommand } from "./vm-command.ts";

const sandboxNote = expect.stringContaining("QEMU can't be sandboxed on this host");
const internetNote = expect.stringContaining("can reach the internet");

async function commandWith(options: Partial<VmCommandOptions>) {
  const paths = newHome();
  return await vmCommand({
    ...options,
    paths,
    name: "test",
    files: sessionPaths(paths, "test"),
    machine: parseMachine('{"version": 1}'),
    disk: { layer: "/images/layer.qcow2", backing: "/images/disk.img" },
  });
}

test("a network that is not restricted is noted", async () => {
  expect((await commandWith({ internet: true })).notes).toContainEqual(internetNote);
  expect((await commandWith({})).notes).not.toContainEqual(internetNote);
});

test("a QEMU without a sandbox is noted", async () => {
  expect((await commandWith({})).notes).not.toContainEqual(sandboxNote);
  const program = join(newHome().cache, "../qemu");
  const script = `#!/bin/sh\n[ "$1" != -sandbox ] || exit 1\nexec qemu-system-x86_64 "$@"\n`;
  writeFileSync(program, script, { mode: 0o755 });
  vi.stubEnv("TINSMITH_QEMU", program);
  onTestFinished(() => void vi.unstubAllEnvs());
  const { command, notes } = await commandWith({});
  expect(notes).toContainEqual(sandboxNote);
  expect(command).not.toContain("-sandbox");
});

test("a kernel of an ISO that has no room in the memory is refused", async () => {
  const bootKernel = { rom: "/rom", loaded: [], memory: 100 * 1024 ** 2, title: "Install", parameters: "" };
  const cdRoms = { bootIso: "/boot.iso", bootKernel };
  await expect(commandWith({ memory: 128, cdRoms })).resolves.toBeDefined();
  await expect(commandWith({ memory: 100, cdRoms })).rejects.toMatchObject({
    code: "usage",
    message: 'the VM has 105 MB of memory, and the boot entry "Install" needs more than 122 MB',
  });
});
