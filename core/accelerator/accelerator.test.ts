import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import type { QemuCapabilities } from "../qemu/hardware/capabilities.ts";
import { chooseAccelerator } from "./accelerator.ts";
import type { Trial } from "./kvm-probe.ts";

const qemu: QemuCapabilities = {
  program: "qemu-system-x86_64",
  version: "7.2.22",
  machineTypes: [],
  accelerators: ["tcg", "kvm"],
  devices: [],
  keymaps: [],
  dataFolders: [],
};

const broken: Trial = { works: false, reason: "KVM failed", definite: true };
const late: Trial = { works: false, reason: "KVM took too long", definite: false };

let folder = "";
let trials = 0;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tinsmith-"));
  trials = 0;
});
afterEach(() => rmSync(folder, { recursive: true }));

function choose(trial: Trial, changes: { version?: string; tryAgain?: boolean } = {}) {
  const { version = qemu.version, tryAgain } = changes;
  const options = { cacheFolder: join(folder, "cache"), tryAgain };
  return chooseAccelerator({ ...qemu, version }, options, async () => {
    trials += 1;
    return trial;
  });
}

test("KVM is not tried when a person has ruled it out", async () => {
  vi.stubEnv("TINSMITH_ACCELERATOR", "tcg");
  onTestFinished(() => void vi.unstubAllEnvs());
  const choice = await chooseAccelerator(qemu, { cacheFolder: "/nowhere" }, () => {
    throw new Error("it was tried");
  });
  expect(choice).toMatchObject({
    accelerator: "tcg",
    reason: expect.stringContaining("the settings ask for it"),
  });
});

test("a KVM that works is used", async () => {
  expect(await choose({ works: true })).toEqual({ accelerator: "kvm", reason: "KVM works on this host." });
});

test("one that doesn't leaves emulation, with the reason", async () => {
  expect(await choose(broken)).toEqual({
    accelerator: "tcg",
    reason: "The guest is emulated by QEMU (TCG), which is slower, because KVM failed.",
  });
});

test("a definite failure is remembered, and not tried again", async () => {
  await choose(broken);
  const { accelerator, reason } = await choose({ works: true });
  expect(accelerator).toBe("tcg");
  expect(reason).toContain("KVM failed (when last tried)");
  expect(trials).toBe(1);
});

test("a time-out is not remembered", async () => {
  await choose(late);
  expect(await choose({ works: true })).toMatchObject({ accelerator: "kvm" });
});

test("a person can have it tried again", async () => {
  await choose(broken);
  expect(await choose({ works: true }, { tryAgain: true })).toMatchObject({ accelerator: "kvm" });
});

test("another QEMU, another kernel, or the host's next start, is a new chance", async () => {
  await choose(broken);
  expect(await choose({ works: true }, { version: "10.0.0" })).toMatchObject({ accelerator: "kvm" });
  const memory = join(folder, "cache/kvm-failure.json");
  const failure = readFileSync(memory, "utf8");
  for (const key of ["kernel", "boot"]) {
    writeFileSync(memory, failure.replace(new RegExp(`"${key}":"[^"]*"`), `"${key}":"an earlier one"`));
    expect(await choose({ works: true })).toMatchObject({ accelerator: "kvm" });
  }
});

test.each(["", "{", "[]", '{"qemu": 1}'])("a memory that holds %j counts as none", async (text) => {
  await choose(broken);
  writeFileSync(join(folder, "cache/kvm-failure.json"), text);
  expect(await choose({ works: true })).toMatchObject({ accelerator: "kvm" });
});

test("a QEMU without KVM is not tried", async () => {
  const capabilities = { ...qemu, accelerators: ["tcg"] };
  const { accelerator, reason } = await chooseAccelerator(capabilities, { cacheFolder: folder });
  expect(accelerator).toBe("tcg");
  expect(reason).toContain("built without KVM");
});
