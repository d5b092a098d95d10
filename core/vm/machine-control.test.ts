import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { expect, onTestFinished, test, vi } from "vitest";
import type { VirtualMachineState } from "../../shared/session/virtual-machine.ts";
import { eventually } from "../../tests/eventually.ts";
import { runCommand } from "../process/run-command.ts";
import { startVirtualMachine } from "../qemu/process/virtual-machine.ts";
import { newHome, openTestSession } from "../session/serve/test-session.ts";
import { startGuestClock } from "../time/guest-clock.ts";
import { createMachineControl } from "./machine-control.ts";
import { createPauseReasons } from "./pause/pause-reasons.ts";

// A real QEMU, whose guest is a firmware that does nothing.

async function start() {
  const session = await openTestSession(newHome());
  const { paths: files } = session;
  const firmware = join(files.working, "firmware");
  // hlt, and again after each interrupt.
  writeFileSync(firmware, Buffer.alloc(64 * 1024, Buffer.from([0xf4, 0xeb, 0xfd])));
  const bare = ["-S", "-nodefaults", "-no-user-config", "-accel", "tcg", "-m", "16", "-bios", firmware];
  const qmp = ["-chardev", `socket,id=qmp,path=${files.qmpSocket}`, "-mon", "chardev=qmp,mode=control"];
  const serial = ["-serial", `unix:${files.serialSocket},server=on,wait=off`];
  const screen = ["-vnc", `unix:${files.vncSocket},share=force-shared`, "-device", "VGA"];
  const drive = ["-device", "ide-cd,id=data-cd,bus=ide.0,unit=0"];
  const argv = ["qemu-system-x86_64", ...bare, ...qmp, ...serial, ...screen, ...drive] as const;
  const vm = await startVirtualMachine(argv, files);
  onTestFinished(() => vm[Symbol.asyncDispose]());
  await vm.run();
  const notes: string[] = [];
  const pauses: string[] = [];
  const standing: boolean[] = [];
  const clock = startGuestClock();
  const pauseReasons = createPauseReasons((stands, text) => {
    if (text !== undefined) pauses.push(text);
    standing.push(stands);
    clock.suspend(stands);
  });
  const onNote = (text: string) => notes.push(text);
  const options = { files, cdDrive: "data-cd", keyboardLayout: "de", pauseReasons, clock, onNote };
  const checkpoints = {
    ...{ memory: 0, mac: "", view: [] },
    network: { metaServiceSocket: "", relay: [], internet: false },
    ...{ cut: () => {}, record: () => {}, onWentBack: () => {} },
    progress: () => ({ stage: "not-started", resolved: undefined }) as const,
    limit: () => 0,
  };
  const control = await createMachineControl(vm, { ...options, checkpoints });
  onTestFinished(() => control[Symbol.dispose]());
  session.machine.provide(control);
  const seen: VirtualMachineState[] = [];
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  void (async () => {
    for await (const state of session.machine.watch(stop.signal)) seen.push(state);
  })();
  const status = async () => await vm.qmp.execute("query-status");
  return {
    session,
    vm,
    control,
    notes,
    pauses,
    standing,
    pauseReasons,
    clock,
    seen,
    status,
    folder: files.working,
  };
}

test("a breakpoint pauses the guest, together with a person: it resumes when both have let it go", async () => {
  const { control, status, seen, pauses } = await start();
  await control.hold("first reply");
  const where = "the window (tinsmith serve), or with tinsmith rules remove 'first reply'";
  expect(pauses).toEqual([`paused at a breakpoint: release the held message in ${where}`]);
  await control.pause();
  await control.hold(undefined);
  expect(await status()).toMatchObject({ status: "paused" });
  await control.hold("first reply");
  await control.resume();
  expect(await status()).toMatchObject({ status: "paused" });
  await control.hold(undefined);
  expect(await status()).toMatchObject({ status: "running" });
  await eventually(() => expect(seen.at(-1)).toMatchObject({ status: "running" }));
});

test("a pause halts the guest, is told to those whose clocks stand still with it, and lasts until it is resumed", async () => {
  const { control, standing, seen, status, notes } = await start();
  await control.pause();
  await control.pause();
  expect(await status()).toMatchObject({ status: "paused" });
  await expect(control.powerOff()).rejects.toMatchObject({ code: "guest-action-failed" });
  await control.resume();
  await control.resume();
  expect(await status()).toMatchObject({ status: "running" });
  expect(standing).toEqual([true, false]);
  await eventually(() =>
    expect(seen.map(({ status }) => status)).toEqual(["none", "running", "paused", "running"]),
  );
  expect(notes).toEqual([]);
});

test("after a pause it tells how far behind the guest's clock is, until that was set or the guest boots", async () => {
  const { control, seen } = await start();
  let passed = 0;
  const { now } = performance;
  vi.spyOn(performance, "now").mockImplementation(() => now.call(performance) + passed);
  onTestFinished(() => void vi.restoreAllMocks());
  const pauseForMinute = async () => {
    await control.pause();
    passed += 60_000;
    await control.resume();
    await eventually(() => expect(seen.at(-1)).toEqual({ status: "running", clockBehind: 60 }));
  };
  await pauseForMinute();
  control.clockIsRight();
  await eventually(() => expect(seen.at(-1)).toEqual({ status: "running" }));
  await pauseForMinute();
  await control.reset();
  await eventually(() => expect(seen.at(-1)).toEqual({ status: "running" }));
});

test("a guest that a person lets go on, while it waits for space, goes on only when there is some", async () => {
  const { control, standing, pauseReasons, status, vm } = await start();
  pauseReasons.begin("space", "no space");
  await vm.qmp.execute("stop");
  await control.pause();
  await control.resume();
  expect(await status()).toMatchObject({ status: "paused" });
  expect(standing).toEqual([true, true, true]);
});

test("a reset is no trouble, and is noted", async () => {
  const { control, status, notes, vm } = await start();
  const resets: unknown[] = [];
  vm.qmp.on("event", ({ name, data }) => name === "RESET" && resets.push(data.guest));
  for (let count = 0; count < 8; count += 1) await control.reset();
  await eventually(() => expect(resets).toEqual(Array(8).fill(false)));
  expect(await status()).toMatchObject({ status: "running" });
  expect(notes[0]).toBe("The virtual machine was reset by hand.");
});

test("a kill ends it at once, and keeps what the screen showed", async () => {
  const { control, vm, session } = await start();
  await control.kill();
  expect(await vm.ended).toEqual({ reason: "stopped", by: "quit" });
  expect(existsSync(session.paths.screenshot)).toBe(true);
});

test("an ISO and a folder are inserted, replaced and ejected; clients see which", async () => {
  const { control, folder, seen } = await start();
  const iso = join(folder, "an.iso");
  const source = join(folder, "source");
  mkdirSync(join(source, "deeper"), { recursive: true });
  writeFileSync(join(source, "deeper/file"), "content");
  await runCommand(["xorriso", "-as", "mkisofs", "-quiet", "-o", iso, source]);
  await control.insertCd(iso, { force: false });
  await control.insertCd(source, { force: false });
  const [made = ""] = madeIsos(folder);
  expect(await runCommand(["xorriso", "-indev", made, "-find", "/", "-type", "f"])).toContain("/deeper/file");
  await control.ejectCd(false);
  expect(madeIsos(folder)).toEqual([]);
  await eventually(() => expect(seen.at(-1)).toEqual({ status: "running" }));
  const inserted = seen.flatMap((state) => (state.status === "none" ? [] : (state.cd ?? [])));
  expect(inserted).toEqual([iso, source]);
});

test("files and folders are inserted together on a data CD, each under its own name", async () => {
  const { control, folder, seen } = await start();
  mkdirSync(join(folder, "tree/deep"), { recursive: true });
  writeFileSync(join(folder, "tree/deep/file"), "content");
  writeFileSync(join(folder, "odd=name\\"), "content");
  const paths = ["tree", "odd=name\\"].map((name) => join(folder, name));
  await control.insertFiles(paths, { force: false });
  const [made = ""] = madeIsos(folder);
  const names = await runCommand(["xorriso", "-indev", made, "-find", "/", "-type", "f"]);
  expect(names).toContain("/tree/deep/file");
  expect(names).toContain("/odd=name\\");
  await eventually(() => expect(seen.at(-1)).toEqual({ status: "running", cd: paths.join(", ") }));
  await expect(control.insertFiles([join(folder, "none")], { force: false })).rejects.toMatchObject({
    code: "missing-file",
  });
});

test("files that come in parts are inserted on a data CD, and lead nowhere else", async () => {
  const { control, folder, seen } = await start();
  const upload = "0b7f3a52-2f0e-4b57-9c51-5a8f1a2b3c4d";
  const part = (path: string, text?: string) =>
    control.keepCdPart({ upload, path, bytes: text === undefined ? undefined : Buffer.from(text) });
  await part("tree");
  await part("tree/file", "one ");
  await part("tree/file", "two");
  for (const path of ["../out", "/out", "a//b", "a/.."])
    await expect(part(path, "x")).rejects.toMatchObject({ code: "usage" });
  await control.insertUpload(upload, { force: false });
  const [made = ""] = madeIsos(folder);
  expect(await runCommand(["xorriso", "-indev", made, "-lsl", "/tree"])).toMatch(/ 7 .* 'file'/);
  await eventually(() => expect(seen.at(-1)).toEqual({ status: "running", cd: "tree" }));
  expect(readdirSync(folder).filter((name) => name.startsWith("upload-"))).toEqual([]);
  await expect(control.insertUpload(upload, { force: false })).rejects.toMatchObject({
    code: "missing-file",
  });
});

/** The ISOs that were made of folders. */
function madeIsos(folder: string): string[] {
  const names = readdirSync(folder).filter((name) => /^cd-.*\.iso$/.test(name));
  return names.map((name) => join(folder, name));
}

test("what is not there is not inserted, and what is in the drive stays", async () => {
  const { control, folder, seen } = await start();
  const iso = join(folder, "an.iso");
  writeFileSync(iso, Buffer.alloc(4096));
  await control.insertCd(iso, { force: false });
  const missing = control.insertCd(join(folder, "nowhere.iso"), { force: false });
  await expect(missing).rejects.toMatchObject({ code: "missing-file", field: "path" });
  await expect(control.insertCd("/dev/null", { force: false })).rejects.toMatchObject({ code: "usage" });
  await eventually(() => expect(seen.at(-1)).toEqual({ status: "running", cd: iso }));
});

test("a screenshot is a new PNG file, or says why there is none", async () => {
  const { control, folder } = await start();
  const target = join(folder, "shot.png");
  await control.screenshot(target);
  expect(readFileSync(target).subarray(1, 4).toString()).toBe("PNG");
  await expect(control.screenshot(target)).rejects.toMatchObject({ code: "file-exists" });
  const advice = "Add the name of the new file.";
  await expect(control.screenshot(folder)).rejects.toMatchObject({ code: "usage", advice });
  const nowhere = control.screenshot(join(folder, "nowhere/shot.png"));
  await expect(nowhere).rejects.toMatchObject({ code: "missing-file" });
});

/** The first message of a screen. */
async function greetingOf(screen: Duplex): Promise<string> {
  onTestFinished(() => void screen.destroy());
  return String(await once(screen, "data"));
}

test("when the screen's socket or its folder is removed, new viewers make it again, and others stay connected", async () => {
  const { control, session } = await start();
  const { vncSocket, socketFolder } = session.paths;
  const first = await control.openScreen();
  expect(await greetingOf(first)).toMatch(/^RFB/);
  for (const removed of [vncSocket, socketFolder]) {
    rmSync(removed, { recursive: true });
    const screens = await Promise.all([control.openScreen(), control.openScreen()]);
    expect(await Promise.all(screens.map(greetingOf))).toEqual(Array(2).fill(expect.stringMatching(/^RFB/)));
  }
  first.write("RFB 003.008\n");
  // One way of logging in: none is needed.
  expect(await once(first, "data")).toEqual([Buffer.from([1, 1])]);
});

test("one text is typed at a time, by the layout of the machine", async () => {
  const { control } = await start();
  const never = new AbortController().signal;
  expect((await control.layout()).strokes.z?.[0]).toMatchObject({ scanCode: 0x15 });
  const typing = control.typeText("zz", never);
  await expect(control.typeText("a", never)).rejects.toMatchObject({ code: "busy" });
  await typing;
  await expect(control.typeText("漢", never)).rejects.toMatchObject({ code: "usage" });
});

test("typing ends with the virtual machine", async () => {
  const { control } = await start();
  await control.pause();
  const typing = control.typeText("a", new AbortController().signal);
  await new Promise(setImmediate);
  control[Symbol.dispose]();
  await expect(typing).rejects.toMatchObject({ code: "interrupted" });
});

test("a click in a virtual machine that has only a mouse is refused; the screen's picture has its size", async () => {
  const { control } = await start();
  const { signal } = new AbortController();
  await expect(control.click({ x: 1, y: 1 }, signal)).rejects.toThrow("only a mouse");
  const { width, height, pixels } = await control.screenPicture();
  expect(pixels).toHaveLength(width * height * 3);
});
