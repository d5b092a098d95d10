import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { eventually } from "../../tests/eventually.ts";
import { rememberKvmFailure } from "../accelerator/accelerator.ts";
import { askQemu } from "../qemu/hardware/capabilities.ts";
import { findPaths, type Paths } from "../storage/paths.ts";
import { examineHost } from "./doctor.ts";

let home = "";
let paths: Paths;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "tinsmith-"));
  paths = findPaths({ TINSMITH_HOME: home });
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true });
});

/** A QEMU that is the real one but for what a shell script does first. */
function useQemu(script: string): void {
  const program = join(home, "qemu");
  writeFileSync(program, `#!/bin/sh\n${script}\nexec qemu-system-x86_64 "$@"\n`);
  chmodSync(program, 0o755);
  vi.stubEnv("TINSMITH_QEMU", program);
}

async function lookFor(subject: string) {
  return (await examineHost(paths, false)).find((finding) => finding.subject === subject);
}

/** KVM is another thing on each host, and may take 2 seconds to be tried. */
const withoutKvm = 'case "$*" in "-accel help") echo tcg; exit ;; esac';

test("every finding says something, and a look takes less than 3 seconds", async () => {
  useQemu(withoutKvm);
  const subjects = (await examineHost(paths, false)).map(({ subject }) => subject);
  expect(subjects).toEqual([
    "QEMU",
    "Accelerator",
    "Hardware",
    "Screen",
    "Guest network",
    "Sandbox",
    "Disk tools",
    "Relay",
    "ISO builder",
    "xz",
    "bzip2",
    "Go",
    "Process control",
    "Image changes",
    "Free space",
    "Cache",
  ]);
  // Unless the machine is busy just then.
  await eventually(async () => {
    const started = performance.now();
    for (const { text } of await examineHost(paths, false)) expect(text).not.toBe("");
    expect(performance.now() - started).toBeLessThan(3000);
  });
});

test("a program that only a part of Tinsmith needs takes that part away, and nothing else", async () => {
  vi.stubEnv("PATH", "/nowhere");
  expect(await lookFor("Image changes")).toEqual({
    subject: "Image changes",
    ok: true,
    text: expect.stringMatching(/^the program \w+ is not installed$/),
    advice: expect.stringMatching(
      /^tinsmith change-image does not work without it\. Install it: on Debian, apt-get/,
    ),
  });
});

test("without QEMU that is said once, with what to install", async () => {
  vi.stubEnv("TINSMITH_QEMU", "qemu-of-nobody");
  const about = (await examineHost(paths, false)).filter(({ text }) => text.includes("qemu-of-nobody"));
  expect(about).toEqual([
    {
      subject: "QEMU",
      ok: false,
      text: "the program qemu-of-nobody is not installed",
      advice: expect.stringContaining("Nothing can be built or run without it. Install"),
    },
  ]);
});

test("a QEMU without VNC can't start virtual machines", async () => {
  useQemu('case "$*" in *-vnc*) echo "VNC support is disabled" >&2; exit 1 ;; esac');
  expect(await lookFor("Screen")).toMatchObject({
    ok: false,
    advice: expect.stringContaining("apt-get install"),
  });
});

test("a QEMU without the user network can't give guests the MetaService", async () => {
  useQemu('case "$*" in *"-netdev help") printf "socket\\ntap\\n"; exit ;; esac');
  expect(await lookFor("Guest network")).toMatchObject({
    ok: false,
    advice: expect.stringContaining("MetaService"),
  });
});

test("without a sandbox everything works, but what it would give is said", async () => {
  useQemu('case "$1" in -sandbox) exit 1 ;; esac');
  expect(await lookFor("Sandbox")).toMatchObject({
    ok: true,
    advice: expect.stringContaining("can do less"),
  });
});

test("without KVM everything works, but what it would give is said, and how to get it", async () => {
  useQemu(withoutKvm);
  expect(await lookFor("Accelerator")).toMatchObject({
    ok: true,
    text: expect.stringContaining("this QEMU was built without KVM"),
    advice: expect.stringContaining("ten times as fast"),
  });
});

test("a failure of KVM that is remembered is told as one; with a retry, KVM is tried again", async () => {
  // One that has KVM built in, and fails at once in every trial.
  useQemu(
    'case "$*" in "-accel help") echo kvm; exit ;; *"-accel kvm"*) echo "error: tried" >&2; exit 1 ;; esac',
  );
  await rememberKvmFailure(await askQemu(), paths.cache, "it gave up");
  const accelerator = async (retry: boolean) =>
    (await examineHost(paths, retry)).find(({ subject }) => subject === "Accelerator")?.text;
  expect(await accelerator(false)).toContain("because it gave up (when last tried)");
  expect(await accelerator(true)).not.toContain("it gave up");
});

test.each(["xz", "bzip2"])("without %s, it says which files can't be opened", async (program) => {
  // Nothing else is on the PATH either.
  vi.stubEnv("PATH", home);
  expect(await lookFor(program)).toMatchObject({
    ok: false,
    advice: expect.stringContaining(
      `Files in images that are compressed with ${program} can't be opened without it`,
    ),
  });
});
