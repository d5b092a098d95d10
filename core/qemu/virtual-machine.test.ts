import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { expect, onTestFinished, test } from "vitest";
import { findPaths } from "../paths.ts";
import { openSession, type Session } from "../session.ts";
import { startVirtualMachine } from "./virtual-machine.ts";

// A real QEMU without a disk: it starts in tenths of a second, and never gets further than its firmware.

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
  const bare = ["-S", "-nodefaults", "-no-user-config", "-display", "none", "-accel", "tcg"];
  const qmp = ["-chardev", `socket,id=qmp,path=${paths.qmpSocket}`, "-mon", "chardev=qmp,mode=control"];
  const serial = ["-serial", `unix:${paths.serialSocket},server=on,wait=off`];
  return ["qemu-system-x86_64", ...bare, ...qmp, ...serial, ...more];
}

test("it starts halted, runs when told, and is gone when stopped", async () => {
  const session = newSession();
  await using vm = await startVirtualMachine(qemu(session), session.paths);
  expect(await vm.qmp.execute("query-status")).toMatchObject({ status: "prelaunch" });
  await vm.run();
  expect(await vm.qmp.execute("query-status")).toMatchObject({ status: "running" });
  expect(await vm.stop()).toEqual({ reason: "stopped" });
  expect(await vm.ended).toEqual({ reason: "stopped" });
});

test("a QEMU that does not start is told with its own words, and leaves nothing behind", async () => {
  const session = newSession();
  const start = startVirtualMachine(qemu(session, "-device", "no-such-device"), session.paths);
  await expect(start).rejects.toMatchObject({
    code: "qemu-failed",
    message: "QEMU did not start: qemu-system-x86_64 ended with exit status 1",
    details: [expect.stringContaining("'no-such-device' is not a valid device model name")],
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

test("a QEMU that is killed is told apart from a guest that powers off", async () => {
  const session = newSession();
  await using vm = await startVirtualMachine(
    qemu(session, "-pidfile", `${session.paths.working}/pid`),
    session.paths,
  );
  process.kill(Number(readFileSync(`${session.paths.working}/pid`, "utf8")), "SIGKILL");
  expect(await vm.ended).toMatchObject({ reason: "died", cause: "was ended by SIGKILL" });
});
