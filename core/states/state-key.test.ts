import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, onTestFinished, test, vi } from "vitest";
import { parseMachine } from "../../shared/machine/machine.ts";
import type { Argv } from "../process/run-command.ts";
import type { CdRoms } from "../qemu/arguments/block-arguments.ts";
import { findPaths, sessionPaths } from "../storage/paths.ts";
import { vmCommand } from "../vm/vm-command.ts";
import { hardwareArguments, stateKey } from "./state-key.ts";

const folder = mkdtempSync(join(tmpdir(), "keys-"));
afterAll(() => rmSync(folder, { recursive: true }));
const paths = findPaths({ TINSMITH_HOME: folder });
const machine = parseMachine('{"version": 1}');

/** The command of a virtual machine that is restorable. */
async function commandOf(
  name: string,
  options: { memory?: number; internet?: boolean; cdRoms?: CdRoms } = {},
): Promise<Argv> {
  const files = sessionPaths(paths, name);
  const disk = { layer: join(files.working, "layer.qcow2"), backing: join(paths.cache, "disk.img") };
  return (await vmCommand({ ...options, paths, files, name, machine, disk, isRestorable: true })).command;
}

const command = await commandOf("one");
const origin = { moment: "data-cd", digest: "5f", command } as const;

test("a state belongs to hardware, not to the session whose paths are in the command", async () => {
  const other = await commandOf("two");
  expect(other).not.toEqual(command);
  expect(hardwareArguments(other)).toEqual(hardwareArguments(command));
  expect(await stateKey({ ...origin, command: other })).toBe(await stateKey(origin));
  expect(await stateKey(origin)).toMatch(/^[0-9a-f]{40}$/);
});

test("a kernel of an ISO is hardware, wherever its session has extracted it", async () => {
  const booting = async (name: string, address: number) => {
    const { working } = sessionPaths(paths, name);
    const loaded = [{ path: join(working, "kernel"), address }];
    const bootKernel = { rom: join(working, "rom"), loaded, memory: 0, title: "", parameters: "" };
    return hardwareArguments(await commandOf(name, { cdRoms: { bootIso: "/boot.iso", bootKernel } }));
  };
  expect(await booting("one", 1024)).toEqual(await booting("two", 1024));
  expect(await booting("one", 1024)).not.toEqual(await booting("one", 2048));
});

test("another image, moment, memory or network has another state", async () => {
  const others = [
    { ...origin, digest: "60" },
    { ...origin, moment: "guest-tools" as const },
    { ...origin, command: await commandOf("one", { memory: 384 }) },
    { ...origin, command: await commandOf("one", { internet: true }) },
  ];
  const keys = await Promise.all([origin, ...others].map(stateKey));
  expect(new Set(keys).size).toBe(keys.length);
});

/** All of QEMU's options that say nothing about what the guest sees: every other one has to count. */
const unseen: readonly string[] = [
  ...["-S", "-nodefaults", "-no-user-config", "-sandbox", "-name", "-chardev", "-mon", "-vnc", "-k"],
  // Its content is that of the image, and of the layer that is kept with the state.
  "-blockdev",
];

test("no change of an argument about the hardware, whichever it is, finds the state of before", async () => {
  const key = await stateKey(origin);
  const positions = command.flatMap((option, index) =>
    index > 0 && /^-[a-z]/i.test(option) && !unseen.includes(option) ? [index + 1] : [],
  );
  for (const part of ["-machine", "-accel", "-cpu", "-smp", "-m", "-rtc", "-netdev", "-device"])
    expect(positions.map((position) => command[position - 1])).toContain(part);
  const change = fc.record({
    position: fc.constantFrom(...positions),
    text: fc.stringMatching(/^[a-z0-9]{1,8}$/),
    isOption: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(change, async ({ position, text, isOption }) => {
      const changed: [string, ...string[]] = [...command];
      changed[position] = `${text}${isOption ? `=${text},` : ""}${command[position]}`;
      expect(await stateKey({ ...origin, command: changed })).not.toBe(key);
    }),
  );
});

test("another version of QEMU, and another program of the same version, have other states", async () => {
  onTestFinished(() => void vi.unstubAllEnvs());
  const keyWith = async (name: string, version: string) => {
    const program = join(folder, name);
    writeFileSync(program, `#!/bin/sh\necho QEMU emulator version ${version}\n`);
    chmodSync(program, 0o755);
    vi.stubEnv("TINSMITH_QEMU", program);
    return await stateKey(origin);
  };
  const keys = [await keyWith("a", "10.0"), await keyWith("b", "10.1"), await keyWith("c", "10.1")];
  expect(new Set([...keys, await stateKey(origin)]).size).toBe(3);
  // The one of before, which was upgraded in its place; its version is known until the process ends.
  expect(keys).not.toContain(await keyWith("c", "10.1 (fixed)"));
});
