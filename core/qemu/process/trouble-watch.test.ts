import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openSession, type Session } from "../../session/serve/session.ts";
import { findPaths } from "../../storage/paths.ts";
import { writingGuest } from "./test-boot-sector.ts";
import type { SpaceWait } from "./trouble-watch.ts";
import { startVirtualMachine, type VirtualMachine } from "./virtual-machine.ts";

// Guests of a few bytes, in a real QEMU, whose disk fails when its arguments say so.

function newSession(): Session {
  const home = mkdtempSync(`${tmpdir()}/ts-`);
  const session = openSession(findPaths({ TINSMITH_HOME: home }), "a test");
  onTestFinished(() => {
    session[Symbol.dispose]();
    rmSync(home, { recursive: true });
  });
  return session;
}

interface Start {
  readonly guest: readonly string[];
  readonly spaceWait?: SpaceWait;
  readonly say?: (text: string) => void;
  readonly mayGoOn?: () => boolean;
}

/** Starts a guest, halted. */
async function start({ paths }: Session, { guest, spaceWait, say, mayGoOn }: Start): Promise<VirtualMachine> {
  const bare = ["-S", "-nodefaults", "-no-user-config", "-accel", "tcg", "-m", "16"];
  const qmp = ["-chardev", `socket,id=qmp,path=${paths.qmpSocket}`, "-mon", "chardev=qmp,mode=control"];
  const serial = ["-serial", `unix:${paths.serialSocket},server=on,wait=off`];
  const screen = ["-vnc", `unix:${paths.vncSocket}`, "-device", "VGA"];
  const argv = ["qemu-system-x86_64", ...bare, ...qmp, ...serial, ...screen, ...guest] as const;
  return await startVirtualMachine(argv, paths, { onPause: say, onResume: say, spaceWait, mayGoOn });
}

/** A firmware that resets the machine by its keyboard controller as soon as it starts: mov al, 0xfe; out 0x64, al. */
function resettingFirmware({ paths }: Session): string {
  const firmware = Buffer.alloc(64 * 1024, 0xf4);
  firmware.set([0xb0, 0xfe, 0xe6, 0x64], firmware.length - 16);
  const file = join(paths.working, "firmware");
  writeFileSync(file, firmware);
  return file;
}

/** QEMU's arguments for a disk with a guest that writes to it, whose first write, or each one, fails with this error number. */
function failingDisk({ paths }: Session, errorNumber: number, once = true): string[] {
  const filename = join(paths.working, "disk.img");
  const disk = Buffer.alloc(1024 ** 2);
  disk.set(writingGuest);
  disk.set([0x55, 0xaa], 510);
  writeFileSync(filename, disk);
  const node = {
    driver: "raw",
    "node-name": "disk",
    file: {
      driver: "blkdebug",
      image: { driver: "file", filename },
      "inject-error": [{ event: "none", iotype: "write", errno: errorNumber, once }],
    },
  };
  const device = "virtio-blk-pci,drive=disk,bootindex=1,werror=stop,rerror=stop";
  return ["-blockdev", JSON.stringify(node), "-device", device];
}

/** Numbers of errors on Linux. */
const ioError = 5;
const noSpace = 28;

test("a guest without space for its disk is paused, and goes on by itself when there is space", async () => {
  const session = newSession();
  const said: string[] = [];
  await using vm = await start(session, {
    guest: failingDisk(session, noSpace),
    spaceWait: { neededBytes: 1, pollMilliseconds: 50, limitMilliseconds: 10_000 },
    say: (text) => said.push(text),
  });
  await vm.run();
  expect(await vm.ended).toEqual({ reason: "powered-off" });
  expect(said).toEqual([
    expect.stringMatching(/^paused: no space is left for the guest's disk in .*working/),
    "resumed: there is space for the guest's disk again",
  ]);
});

test("a guest that a person has paused does not go on when there is space", async () => {
  const session = newSession();
  const resumed = Promise.withResolvers<string>();
  await using vm = await start(session, {
    guest: failingDisk(session, noSpace),
    spaceWait: { neededBytes: 1, pollMilliseconds: 20, limitMilliseconds: 10_000 },
    say: (text) => text.startsWith("resumed") && resumed.resolve(text),
    mayGoOn: () => false,
  });
  await vm.run();
  await resumed.promise;
  expect(await vm.qmp.execute("query-status")).toMatchObject({ status: "io-error" });
  await vm.qmp.execute("cont");
  expect(await vm.ended).toEqual({ reason: "powered-off" });
});

test("when no space comes, it is given up, and its screen is kept", async () => {
  const session = newSession();
  await using vm = await start(session, {
    guest: failingDisk(session, noSpace),
    spaceWait: { neededBytes: Number.POSITIVE_INFINITY, pollMilliseconds: 20, limitMilliseconds: 200 },
  });
  await vm.run();
  expect(await vm.ended).toEqual({
    reason: "disk-error",
    operation: "write",
    problem: "No space left on device",
    waitedSeconds: 0.2,
    lastLines: [],
  });
  expect(existsSync(session.paths.screenshot)).toBe(true);
});

test("when what is free is not for its disk, it is not let go on forever", async () => {
  const session = newSession();
  const said: string[] = [];
  await using vm = await start(session, {
    guest: failingDisk(session, noSpace, false),
    spaceWait: { neededBytes: 64 * 1024 ** 2, pollMilliseconds: 1, limitMilliseconds: 100 },
    say: (text) => said.push(text),
  });
  await vm.run();
  expect(await vm.ended).toMatchObject({ reason: "disk-error", waitedSeconds: 0.1 });
  expect(said.slice(0, 3)).toEqual([
    expect.stringMatching(/^paused: .* when there are 64 MiB$/),
    expect.stringMatching(/^resumed: /),
    expect.stringMatching(/^paused: .* when there are 128 MiB$/),
  ]);
  // The clock of a time limit goes by these.
  expect(said.map((text) => text.startsWith("paused"))).toEqual(said.map((_, index) => index % 2 === 0));
});

test("another error of the disk is given up at once", async () => {
  const session = newSession();
  await using vm = await start(session, { guest: failingDisk(session, ioError) });
  await vm.run();
  expect(await vm.ended).toEqual({
    reason: "disk-error",
    operation: "write",
    problem: "Input/output error",
    lastLines: [],
  });
});

test("a guest that does nothing but reset is found to loop", async () => {
  const session = newSession();
  await using vm = await start(session, { guest: ["-bios", resettingFirmware(session)] });
  await vm.run();
  expect(await vm.ended).toMatchObject({ reason: "reboot-loop", resets: 6 });
});

test("a guest that shows signs of life may reset as often as it likes", async () => {
  const session = newSession();
  await using vm = await start(session, { guest: ["-bios", resettingFirmware(session)] });
  const enough = Promise.withResolvers<void>();
  let resets = 0;
  vm.qmp.on("event", ({ name }) => {
    if (name !== "RESET") return;
    vm.signOfLife();
    resets += 1;
    if (resets === 20) enough.resolve();
  });
  await vm.run();
  await enough.promise;
  expect(await vm.stop()).toEqual({ reason: "stopped", by: "quit" });
});
