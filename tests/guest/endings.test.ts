import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa, execaSync } from "execa";
import { beforeEach, expect, inject, onTestFinished, test, vi } from "vitest";
import { fakeQemuProgram } from "../../core/qemu/fake-qemu.ts";
import { tinsmith } from "./tinsmith.ts";

/** Virtual machines that do not end as they should. */

const workshop = inject("workshop");

/** A folder that the test may fill. */
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(workshop.folder, "endings-"));
  return () => rmSync(folder, { recursive: true });
});

/** An ISO that restarts the machine when it is booted: mov al, 0xfe; out 0x64, al. */
async function makeRestartingIso(): Promise<string> {
  const files = join(folder, "files");
  mkdirSync(files);
  const loader = Buffer.alloc(2048);
  loader.set([0xb0, 0xfe, 0xe6, 0x64, 0xf4]);
  writeFileSync(join(files, "loader"), loader);
  const iso = join(folder, "restarts.iso");
  const boot = ["-b", "loader", "-c", "catalog", "-no-emul-boot", "-boot-load-size", "4"];
  await execa("xorriso", ["-as", "mkisofs", ...boot, "-o", iso, files]);
  return iso;
}

test("a guest that does nothing but restart is given up, with its last screen kept", async () => {
  const machine = join(folder, "machine.json");
  copyFileSync(join(workshop.imageSet, "machine.json"), machine);
  const output = join(folder, "setup.tar.lz4");
  const iso = await makeRestartingIso();
  const { exitStatus, stderr } = await tinsmith(workshop, [
    "build",
    "from-new",
    machine,
    output,
    "--boot",
    iso,
  ]);
  expect(stderr).toContain("the guest is rebooting in a loop: 6 resets in");
  const [, screen = ""] = /Last screen: (.+)/.exec(stderr) ?? [];
  expect(existsSync(screen)).toBe(true);
  expect(existsSync(output)).toBe(false);
  expect(exitStatus).toBe(1);
});

test("when KVM gives up on a guest, it runs again from the start, emulated", async () => {
  const program = join(folder, "qemu");
  const tried = join(folder, "tried");
  // Its first virtual machine is one that KVM gives up on; all else is left to the real QEMU.
  writeFileSync(
    program,
    `#!/bin/sh
case "$1" in -S) if [ ! -e ${tried} ]; then
  touch ${tried}
  FAKE_QEMU=internal-error exec ${process.execPath} ${fakeQemuProgram} "$@"
fi ;; esac
exec qemu-system-x86_64 "$@"
`,
  );
  chmodSync(program, 0o755);
  vi.stubEnv("TINSMITH_QEMU", program);
  // The failure is remembered there, and is not this host's.
  vi.stubEnv("XDG_CACHE_HOME", folder);
  onTestFinished(() => void vi.unstubAllEnvs());
  const run = await tinsmith(workshop, ["run", workshop.workerImage, "--", "echo", "hello"]);
  expect(run.stderr).toContain(
    "note: QEMU paused the guest with an internal error of KVM: starting again, with an emulated processor",
  );
  expect(run.stdout.toString()).toBe("hello\r\n");
  expect(run.exitStatus).toBe(0);
});

test("a QEMU that is killed is named as the cause, with what to do", async () => {
  let killed = false;
  const { exitStatus, stderr } = await tinsmith(
    workshop,
    ["run", workshop.workerImage, "--", "sleep", "1000"],
    {
      onStderr: (text) => {
        const [, id] = /^session (\S+)/m.exec(text) ?? [];
        if (killed || id === undefined || !text.includes("the guest tools have started")) return;
        killed = true;
        const { stdout } = execaSync("pgrep", ["-f", `^qemu-system.*guest=${id}`]);
        process.kill(Number(stdout), "SIGKILL");
      },
    },
  );
  expect(stderr).toContain("error: QEMU was ended by SIGKILL");
  expect(stderr).toContain("The system kills what takes too much memory");
  expect(exitStatus).toBe(5);
});
