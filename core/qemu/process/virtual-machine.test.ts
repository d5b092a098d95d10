import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openSession, type Session } from "../../session/serve/session.ts";
import { findPaths } from "../../storage/paths.ts";
import { fakeQemuProgram } from "./test-fake-qemu.ts";
import { startVirtualMachine } from "./virtual-machine.ts";

// A real QEMU without a disk: it starts in tenths of a second, and never gets further than its firmware. If a real
// one would have to misbehave, a script takes its place.

function newSession(): Session {
  const home = mkdtempSync(`${tmpdir()}/ts-`);
  const session = openSession(findPaths({ TINSMITH_HOME: home }), "a test");
  onTestFinished(() => {
    session[Symbol.dispose]();
    rmSync(home, { recursive: true });
  });
  return session;
}

function qemu({ paths }: Session, ...more: string[]): [string, ...string[]] {
  const bare = ["-S", "-nodefaults", "-no-user-config", "-accel", "tcg", "-device", "VGA"];
  const screen = ["-vnc", `unix:${paths.vncSocket}`, "-pidfile", join(paths.working, "pid")];
  return ["qemu-system-x86_64", ...bare, ...screen, ...channels(paths), ...more];
}

function channels(paths: Session["paths"]): string[] {
  return [
    ...["-chardev", `socket,id=qmp,path=${paths.qmpSocket}`, "-mon", "chardev=qmp,mode=control"],
    ...["-chardev", `socket,id=serial,path=${paths.serialSocket},server=on,wait=off`],
    ...["-serial", "chardev:serial"],
  ];
}

function processId({ paths }: Session): number {
  return Number(readFileSync(join(paths.working, "pid"), "utf8"));
}

function fakeQemu({ paths }: Session, behaviour: string): [string, ...string[]] {
  return ["env", `FAKE_QEMU=${behaviour}`, process.execPath, fakeQemuProgram, ...channels(paths)];
}

test("it starts halted, runs when told, and is gone when stopped", async () => {
  const session = newSession();
  await using vm = await startVirtualMachine(qemu(session), session.paths);
  expect(await vm.qmp.execute("query-status")).toMatchObject({ status: "prelaunch" });
  await vm.run();
  expect(await vm.qmp.execute("query-status")).toMatchObject({ status: "running" });
  expect(await vm.stop()).toEqual({ reason: "stopped", by: "quit" });
  expect(await vm.ended).toEqual({ reason: "stopped", by: "quit" });
});

test("a QEMU that does not start is told with its own words, and leaves nothing behind", async () => {
  const session = newSession();
  const start = startVirtualMachine(qemu(session, "-device", "no-such-device"), session.paths);
  await expect(start).rejects.toMatchObject({
    code: "qemu-failed",
    message: "QEMU did not start: qemu-system-x86_64 ended with exit status 1",
    details: [
      "Last lines of QEMU:",
      expect.stringContaining("'no-such-device' is not a valid device model name"),
    ],
  });
  expect(existsSync(session.paths.qmpSocket)).toBe(false);
  expect(readFileSync(session.paths.qemuLog, "utf8")).toContain("no-such-device");
});

test("without QEMU the error says what to install", async () => {
  const session = newSession();
  await expect(startVirtualMachine(["qemu-of-nobody"], session.paths)).rejects.toMatchObject({
    code: "missing-tool",
    message: "the program qemu-of-nobody is not installed",
  });
});

test("it has no file open that this process has, and none but its own", async () => {
  const session = newSession();
  await using vm = await startVirtualMachine(qemu(session), session.paths);
  await vm.run();
  const ours = openFiles("self").filter((file) => file.includes(":["));
  const theirs = openFiles(`${processId(session)}`);
  const own = /^(\/dev\/(null|urandom)|(pipe|socket):\[\d+\]|anon_inode:\S+|\/memfd:.*)$/;
  expect(theirs.filter((file) => !own.test(file) && !file.startsWith(session.paths.working))).toEqual([]);
  expect(theirs.filter((file) => ours.includes(file) && !file.startsWith("anon_inode:"))).toEqual([]);
});

/** The open files of a process: paths, or sockets and pipes with their numbers. */
function openFiles(process: string): string[] {
  const folder = `/proc/${process}/fd`;
  return readdirSync(folder).flatMap((number) => {
    try {
      return readlinkSync(join(folder, number));
    } catch {
      return []; // Closed since: the listing of this very folder, for one.
    }
  });
}

test("it can't gain privileges", async () => {
  const session = newSession();
  await using _vm = await startVirtualMachine(qemu(session), session.paths);
  expect(readFileSync(`/proc/${processId(session)}/status`, "utf8")).toMatch(/^NoNewPrivs:\t1$/m);
});

test("a QEMU that is killed is told apart from a guest that powers off", async () => {
  const session = newSession();
  await using vm = await startVirtualMachine(qemu(session), session.paths);
  process.kill(processId(session), "SIGKILL");
  expect(await vm.ended).toEqual({
    reason: "died",
    exit: { status: null, signal: "SIGKILL" },
    lastLines: [],
  });
});

test("a QEMU that somebody else tells to end says who", async () => {
  const session = newSession();
  await using vm = await startVirtualMachine(qemu(session), session.paths);
  process.kill(processId(session), "SIGTERM");
  expect(await vm.ended).toEqual({
    reason: "died",
    exit: { status: 0, signal: null },
    shutdown: "host-signal",
    lastLines: [expect.stringContaining(`terminating on signal 15 from pid ${process.pid}`)],
  });
});

test("a guest that does not power off when asked is ended by quit, after its grace", async () => {
  const session = newSession();
  await using vm = await startVirtualMachine(qemu(session), session.paths);
  await vm.run();
  const started = performance.now();
  expect(await vm.stop({ graceMilliseconds: 300 })).toEqual({ reason: "stopped", by: "quit" });
  expect(performance.now() - started).toBeGreaterThan(290);
});

test("a guest that powers off when asked needs no quit", async () => {
  const session = newSession();
  await using vm = await startVirtualMachine(fakeQemu(session, "obedient"), session.paths);
  expect(await vm.stop({ graceMilliseconds: 10_000 })).toEqual({ reason: "stopped", by: "powerdown" });
});

test("a QEMU that does not quit is killed", async () => {
  const session = newSession();
  await using vm = await startVirtualMachine(fakeQemu(session, "deaf"), session.paths);
  expect(await vm.stop()).toEqual({ reason: "stopped", by: "kill" });
});

test("when KVM gives up, that is said, and the virtual machine ends", async () => {
  const session = newSession();
  await using vm = await startVirtualMachine(fakeQemu(session, "internal-error"), session.paths);
  await vm.run();
  expect(await vm.ended).toEqual({
    reason: "internal-error",
    kvm: true,
    lastLines: ["KVM internal error. Suberror: 1"],
  });
});

test("what the screen shows is kept as a picture", async () => {
  const session = newSession();
  await using vm = await startVirtualMachine(qemu(session), session.paths);
  await vm.run();
  await vm.screenshot();
  expect(readFileSync(session.paths.screenshot).subarray(1, 4).toString()).toBe("PNG");
});
