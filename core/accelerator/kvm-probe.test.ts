import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { eventually } from "../../tests/eventually.ts";
import { runLastActs } from "../async/process-end.ts";
import { askQemu } from "../qemu/hardware/capabilities.ts";
import { explainFailure, explainOpenError, probeKvm, tryAccelerator } from "./kvm-probe.ts";

const folder = mkdtempSync(join(tmpdir(), "tinsmith-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A stand-in for a QEMU that misbehaves. */
function program(name: string, script: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** Checks that work takes less than this many milliseconds, unless the machine is busy just then. */
async function within<Result>(limit: number, work: () => Promise<Result>): Promise<Result> {
  return await eventually(async () => {
    const start = performance.now();
    const result = await work();
    expect(performance.now() - start).toBeLessThan(limit);
    return result;
  });
}

test("QEMU's emulation runs the program to its end", async () => {
  const { program } = await askQemu();
  expect(await tryAccelerator(program, "tcg", "max")).toEqual({ works: true });
});

test("this host's KVM, working, broken or missing, comes to an answer within 3 seconds", async () => {
  const { program } = await askQemu();
  const trial = await within(3000, () => probeKvm(program));
  if (!trial.works) expect(trial.reason).toMatch(/KVM|\/dev\/kvm/);
});

test("a KVM that gives up while QEMU goes on is not waited for", async () => {
  const liar = program("liar", 'echo "KVM internal error. Suberror: 1" >&2; echo EAX=0 >&2; exec sleep 60');
  const trial = await within(1000, () => tryAccelerator(liar, "kvm", "host"));
  expect(trial).toEqual({
    works: false,
    reason: "KVM could not run a small program: KVM internal error. Suberror: 1",
    definite: true,
  });
});

test("one that never ends is ended after 2 seconds, which proves nothing about the next try", async () => {
  const slow = program("slow", "exec sleep 60");
  expect(await tryAccelerator(slow, "kvm", "host")).toEqual({
    works: false,
    reason: "KVM took over 2 s to run a small program",
    definite: false,
  });
});

test("a forced stop while QEMU is tried leaves nothing", async () => {
  const temporary = join(folder, "temporary");
  mkdirSync(temporary);
  vi.stubEnv("TMPDIR", temporary);
  onTestFinished(() => void vi.unstubAllEnvs());
  const trial = tryAccelerator(program("stopped", "exec sleep 60"), "kvm", "host");
  await eventually(() => expect(readdirSync(temporary)).toHaveLength(1));
  runLastActs();
  expect(readdirSync(temporary)).toEqual([]);
  await trial;
});

test("a host without the device is not tried", async () => {
  const device = join(folder, "kvm");
  const trial = await probeKvm("qemu-of-nowhere", device);
  expect(trial).toEqual({ works: false, reason: `this host has no ${device}`, definite: false });
});

test("a device that may not be opened is told from one that is missing", () => {
  expect(explainOpenError("EACCES", "/dev/kvm")).toContain("no permission to use /dev/kvm");
  expect(explainOpenError("ENODEV", "/dev/kvm")).toBe("/dev/kvm can't be opened: ENODEV");
});

describe("why QEMU failed", () => {
  test("the first error is the cause, not what came of it", () => {
    const lines = [
      "qemu-system-x86_64: error: failed to set MSR 0x10a to 0x69",
      "qemu-system-x86_64: kvm.c:3183: kvm_buf_set_msrs: Assertion `ret == nmsrs' failed.",
    ];
    expect(explainFailure("kvm", { timedOut: false, lines })).toEqual({
      works: false,
      reason: expect.stringMatching(/: error: failed to set MSR 0x10a to 0x69$/),
      definite: true,
    });
  });

  test("a KVM that another hypervisor holds may be free later", () => {
    const lines = ["ioctl(KVM_CREATE_VM) failed: 16 Device or resource busy", "failed to initialize kvm"];
    expect(explainFailure("kvm", { timedOut: false, exitCode: 1, lines })).toMatchObject({ definite: false });
  });

  test("a processor that resets ends QEMU without a word", () => {
    expect(explainFailure("kvm", { timedOut: false, exitCode: 0, lines: [] })).toMatchObject({
      reason: "KVM could not run a small program: QEMU exited with status 0",
      definite: true,
    });
  });

  test("a QEMU that somebody killed says nothing about KVM", () => {
    expect(explainFailure("kvm", { timedOut: false, lines: [] })).toMatchObject({ definite: false });
  });
});
