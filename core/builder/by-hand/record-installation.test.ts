import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { eventually } from "../../../tests/eventually.ts";
import type { VirtualMachineEnd } from "../../qemu/process/vm-end.ts";
import type { LaunchedMachine } from "../../runner/launch-vm.ts";
import { createSessionConsole } from "../../session/console/session-console.ts";
import { createLiveRecording } from "../../session/live/live-recording.ts";
import type { ServedSession } from "../../session/serve/served-session.ts";
import { startGuestClock } from "../../time/guest-clock.ts";
import { recordInstallation } from "./record-installation.ts";

/** A session with what the recording uses of it, and a virtual machine that the test plays. */
function newSession() {
  const folder = mkdtempSync(join(tmpdir(), "tinsmith-by-hand-"));
  const [recording, recordedSteps] = [join(folder, "install.cast"), join(folder, "install.yaml")];
  const serial = createSessionConsole(join(folder, "serial.log"));
  const session = { paths: { recording, recordedSteps }, serial, recording: createLiveRecording("test") };
  const boot = () => {
    const ended = Promise.withResolvers<VirtualMachineEnd>();
    const port = new PassThrough();
    const control = {
      checkpoints: {
        make: async (name: string) => ({ name, time: 0, size: 0 }),
        delete: async () => {},
      },
      screenText: async () => ({ kind: "graphics" }),
    };
    const vm = { serial: port, control, ended: ended.promise } as unknown as LaunchedMachine;
    serial.connect({ input: new PassThrough(), sendBreak: async () => {} });
    return { vm, ended, print: (text: string) => port.write(text) };
  };
  return { session: session as unknown as ServedSession, serial, recording, recordedSteps, boot };
}

test("after QEMU was killed and the guest booted again, all steps are there; those that no recipe has are marked", async () => {
  const { session, serial, recording, recordedSteps, boot } = newSession();
  const notes: string[] = [];
  {
    await using hand = recordInstallation(session, "Setup image", (text) => notes.push(text));
    const shows = async (text: string) =>
      await eventually(() => expect(readFileSync(recording, "utf8")).toContain(text));
    const first = boot();
    const attached = hand.attach(first.vm, startGuestClock());
    first.print("box login: ");
    await shows("box login");
    await serial.type(Buffer.from("root\r"));
    first.print("root\r\nbox:~# ");
    await shows("root\\r");
    first.ended.resolve({ reason: "killed" } as unknown as VirtualMachineEnd);
    await shows('\\"off\\"');
    attached[Symbol.dispose]();
    const second = boot();
    using _again = hand.attach(second.vm, startGuestClock());
    second.print("box login: ");
    await shows('\\"on\\"');
    // A process that is killed now leaves these.
    await eventually(() => expect(readFileSync(recordedSteps, "utf8")).toContain("{ type: root }"));
    await serial.type(Buffer.from("admin\r"));
    second.print("admin\r\n");
  }
  expect(readFileSync(recordedSteps, "utf8").split("\n")).toEqual([
    "console: serial",
    "install:",
    '  - { wait: "login:" }',
    "  - { type: root }",
    expect.stringMatching(/^ {2}# Check this step: the virtual machine was off before it/),
    '  - { wait: "login:" }',
    "  - { type: admin }",
    "",
  ]);
  expect(notes.at(-1)).toMatch(
    /^The installation was recorded. Its 2 steps, .*; 1 of them should be checked\.$/,
  );
});

test("a person's changes come through the session, and removed steps are left out", async () => {
  const { session, serial, recording, recordedSteps, boot } = newSession();
  {
    await using hand = recordInstallation(session, "Setup image", () => {});
    const { vm, print } = boot();
    using _attached = hand.attach(vm, startGuestClock());
    print("box login: ");
    await eventually(() => expect(readFileSync(recording, "utf8")).toContain("box login"));
    await serial.type(Buffer.from("root\r"));
    print("root\r\n");
    const stop = new AbortController();
    const steps = await session.recording.use(async ({ watch }) => watch(stop.signal));
    for await (const { steps: proposed } of steps) {
      const [step] = proposed;
      if (!step) continue;
      await session.recording.use(async ({ change }) => change({ kind: "remove", step: step.id }));
      break;
    }
    stop.abort();
  }
  expect(readFileSync(recordedSteps, "utf8")).toBe("console: serial\ninstall:\n");
});

test("an installation in which nobody did anything leaves no steps", async () => {
  const { session, recordedSteps } = newSession();
  await recordInstallation(session, "Setup image", () => {})[Symbol.asyncDispose]();
  expect(existsSync(recordedSteps)).toBe(false);
});
