import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { execa, execaSync } from "execa";
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { writingGuest } from "../../../core/qemu/process/test-boot-sector.ts";
import { fakeQemuProgram } from "../../../core/qemu/process/test-fake-qemu.ts";
import { canMount, withMount } from "../../hard/places/works.ts";
import { makeBuiltWorkshop } from "../built-workshop.ts";
import { tinsmith, tinsmithProgram } from "../tinsmith.ts";

/** Virtual machines that do not end as they should. */

const workshop = makeBuiltWorkshop();

/** A folder that the test may fill. */
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(workshop.folder, "endings-"));
  return () => rmSync(folder, { recursive: true });
});

/** Makes an ISO from which a BIOS boots this code. */
async function makeBootIso(code: readonly number[]): Promise<string> {
  const files = join(folder, "files");
  mkdirSync(files);
  writeFileSync(join(files, "loader"), Buffer.concat([Buffer.from(code)], 2048));
  const iso = join(folder, "boot.iso");
  const boot = ["-b", "loader", "-c", "catalog", "-no-emul-boot", "-boot-load-size", "4"];
  await execa("xorriso", ["-as", "mkisofs", ...boot, "-o", iso, files]);
  return iso;
}

/** mov al, 0xfe; out 0x64, al: the keyboard controller resets the machine. */
const restartingGuest = [0xb0, 0xfe, 0xe6, 0x64, 0xf4];

test("a guest that does nothing but restart is given up, with its last screen kept", async () => {
  const output = join(folder, "setup.tar.lz4");
  const iso = await makeBootIso(restartingGuest);
  const machine = join(workshop.imageSet, "machine.json");
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

test("a guest that finds no room on the host's disk waits until there is, and is packed whole", async (context) => {
  if (!canMount()) context.skip("this user may not mount file systems on this host");
  const disk = join(folder, "disk");
  mkdirSync(disk);
  const output = join(folder, "new.tar.lz4");
  const iso = await makeBootIso(writingGuest);
  const qemu = join(folder, "qemu");
  // Others fill the disk before the guest starts, and make room when it has been told that it lacks.
  const fill = `case "$1" in -S) head -c 400M /dev/zero >${disk}/others 2>/dev/null ;; esac`;
  writeFileSync(qemu, `#!/bin/sh\n${fill}\nexec qemu-system-x86_64 "$@"\n`);
  chmodSync(qemu, 0o755);
  // A build that fails ends the script only after its errors were printed.
  const script = `: >"$0"; "$@" 2>"$0" & until grep -q "^note: paused" "$0"; do kill -0 $! || break; sleep 0.1; done
    status=0; rm ${disk}/others; wait $! || status=$?; cat "$0" >&2; exit $status`;
  const machine = join(workshop.imageSet, "machine.json");
  const build = ["build", "from-new", machine, output, "--size", "1", "--boot", iso];
  const [program = "", ...args] = withMount("size=300m", disk, [
    ...["sh", "-ec", script, join(folder, "stderr")],
    ...[tinsmithProgram, ...build],
  ]);
  const env = { CI: "true", TINSMITH_HOME: disk, TINSMITH_QEMU: qemu };
  const { exitCode, stderr, shortMessage } = await execa(program, args, { env, reject: false });
  expect(stderr, shortMessage).toMatch(
    /note: paused: no space is left for the guest's disk in .*\nnote: resumed/,
  );
  expect(exitCode).toBe(0);
  expect(await tinsmith(workshop, ["inspect", output])).toMatchObject({ exitStatus: 0 });
});

/** Has the first virtual machine of this test played by the fake QEMU; all else is left to the real one. */
function fakeFirstMachine(behaviour: string): void {
  const program = join(folder, "qemu");
  const tried = join(folder, "tried");
  writeFileSync(
    program,
    `#!/bin/sh
case "$1" in -S) if [ ! -e ${tried} ]; then
  touch ${tried}
  FAKE_QEMU=${behaviour} exec ${process.execPath} ${fakeQemuProgram} "$@"
fi ;; esac
exec qemu-system-x86_64 "$@"
`,
  );
  chmodSync(program, 0o755);
  vi.stubEnv("TINSMITH_QEMU", program);
  // The kept state of KVM is in that folder, and is not this host's.
  vi.stubEnv("XDG_CACHE_HOME", folder);
  onTestFinished(() => void vi.unstubAllEnvs());
}

/** Makes the images of the workshop count as imported, for this test. */
function forgetKnownImages(): void {
  const known = join(workshop.folder, "tinsmith/known-images");
  renameSync(known, `${known}.kept`);
  onTestFinished(() => renameSync(`${known}.kept`, known));
}

test("when KVM gives up on a guest, it runs again from the start, emulated, and is warned of once", async () => {
  fakeFirstMachine("internal-error");
  forgetKnownImages();
  const run = await tinsmith(workshop, ["run", workshop.workerImage, "--", "echo", "hello"]);
  expect(run.stderr).toContain(
    "note: QEMU paused the guest with an internal error of KVM: starting again, without KVM.\n" +
      "note: The guest is emulated by QEMU (TCG), which is slower, because",
  );
  expect(run.stderr.match(/was not made here/g)).toHaveLength(1);
  const [, session = ""] = /^session (\S+)/.exec(run.stderr) ?? [];
  const events = readFileSync(join(workshop.folder, "tinsmith/sessions", session, "events.jsonl"), "utf8");
  expect([...events.matchAll(/"qemu-ended","end":{"reason":"([^"]+)"/g)].map(([, reason]) => reason)).toEqual(
    ["internal-error", "stopped"],
  );
  expect(run.stdout.toString()).toBe("hello\r\n");
  expect(run.exitStatus).toBe(0);
});

test.each([
  ["run", (worker: string) => ["run", worker, "--timeout", "4", "--", "true"]],
  [
    "build",
    (worker: string) => ["build", "from-image", worker, join(folder, "new.tar.lz4"), "--timeout", "4"],
  ],
])("the time for which the guest of a %s waits for space does not count", async (_command, args) => {
  fakeFirstMachine("no-space");
  const { stderr, exitStatus } = await tinsmith(workshop, args(workshop.workerImage));
  // A second each.
  expect(stderr.match(/^note: paused: no space/gm)).toHaveLength(5);
  expect(stderr.match(/^note: resumed: /gm)).toHaveLength(5);
  expect(stderr).toContain("error: QEMU ended with exit status 0");
  expect(exitStatus).toBe(5);
});

test("a QEMU that is killed is named as the cause, with what to do", async () => {
  let killed = false;
  const { exitStatus, stderr } = await tinsmith(
    workshop,
    ["run", workshop.workerImage, "--warm", "--", "sleep", "1000"],
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
  expect(stderr).toContain("The system may have killed it");
  expect(exitStatus).toBe(5);
});
