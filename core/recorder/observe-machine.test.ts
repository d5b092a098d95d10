import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import type { GuestInput } from "../../shared/recorder/guest-input.ts";
import { eventually } from "../../tests/eventually.ts";
import { recordedBytes } from "../qemu/keyboard/test-client-stream.ts";
import type { MachineControl } from "../vm/machine-control.ts";
import { observeMachine } from "./observe-machine.ts";

/** A virtual machine that notes what is done to it, behind an observer that notes it too. */
function start(refusal?: Error) {
  const log: string[] = [];
  const note =
    (name: string) =>
    async (...args: readonly unknown[]) => {
      if (refusal) throw refusal;
      log.push([name, args[0]].filter((part) => part !== undefined).join(" "));
    };
  const machine: Partial<MachineControl> = {
    pause: note("pause"),
    reset: note("reset"),
    insertCd: note("insert"),
    insertFiles: note("insert files"),
    keepCdPart: note("keep part of"),
    insertUpload: note("insert upload"),
    ejectCd: note("eject"),
    typeText: note("type"),
    pressKeys: note("press"),
    layout: async () => ({ name: "none", strokes: {} }),
    openScreen: async () => new PassThrough(),
  };
  const inputs: GuestInput[] = [];
  const given: boolean[] = [];
  const control = observeMachine(machine as MachineControl, async (input, isGiven) => {
    inputs.push(input);
    void isGiven.then((is) => given.push(is));
    // A checkpoint takes its time.
    await new Promise(setImmediate);
    log.push("checkpoint");
  });
  return { control, log, inputs, given };
}

const { signal } = new AbortController();
const options = { force: false };

test.each<[string, (control: MachineControl) => Promise<unknown>, GuestInput]>([
  ["type a b", ({ typeText }) => typeText("a b", signal), { console: "screen", text: "a b" }],
  ["press ctrl,c", ({ pressKeys }) => pressKeys(["ctrl", "c"]), { console: "screen", keys: ["ctrl", "c"] }],
  ["insert /iso", ({ insertCd }) => insertCd("/iso", options), { act: "insert", path: "/iso" }],
  [
    "insert files /a,/b",
    ({ insertFiles }) => insertFiles(["/a", "/b"], options),
    { act: "insert", path: "/a, /b" },
  ],
  ["eject false", ({ ejectCd }) => ejectCd(false), { act: "eject" }],
  ["reset", ({ reset }) => reset(), { act: "reset" }],
])("%s is reported, and done after that", async (done, act, input) => {
  const { control, log, inputs, given } = start();
  await act(control);
  expect([log, inputs, given]).toEqual([["checkpoint", done], [input], [true]]);
});

test("of a text that is typed, Return and Tab are keys", async () => {
  const { control, inputs, log } = start();
  await control.typeText("root\r\n\tb", signal);
  const text = (written: string) => ({ console: "screen", text: written });
  const keys = (name: string) => ({ console: "screen", keys: [name] });
  expect(inputs).toEqual([text("root"), keys("ret"), keys("tab"), text("b")]);
  expect(log).toEqual([...Array(4).fill("checkpoint"), "type root\r\n\tb"]);
});

test("an upload is reported by the names that it has at its top", async () => {
  const { control, inputs } = start();
  for (const path of ["tree/a", "tree/b", "file"])
    await control.keepCdPart({ upload: "1", path, bytes: Buffer.from("a") });
  await control.insertUpload("1", options);
  expect(inputs).toEqual([{ act: "insert", path: "file, tree" }]);
});

test("an act that the virtual machine refuses is known not to have reached the guest", async () => {
  const refusal = new Error("the drive is locked");
  const { control, given } = start(refusal);
  await expect(control.ejectCd(false)).rejects.toBe(refusal);
  expect(given).toEqual([false]);
});

test("an act that is no input is not reported", async () => {
  const { control, log } = start();
  await control.pause();
  expect(log).toEqual(["pause"]);
});

test("a viewer's keys are reported, too", async () => {
  const { control, inputs } = start();
  const screen = await control.openScreen();
  screen.write(recordedBytes("handshake", "a"));
  await eventually(() => expect(inputs).toEqual([{ console: "screen", text: "a" }]));
});
