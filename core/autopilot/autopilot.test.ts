import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import type { InstallStep } from "../../shared/recipe/install-step.ts";
import type { GuestClock } from "../time/guest-clock.ts";
import { TestGuest } from "./console/test-guest.ts";
import { cutOut, testScreen, toPng } from "./region/test-pictures.ts";
import { begin, machineOf, type Options } from "./test-autopilot.ts";
import { findTypedValues } from "./typed-values.ts";

/** Does all steps. */
async function run(
  guest: TestGuest,
  steps: readonly InstallStep[],
  given: Partial<Options> = {},
): Promise<void> {
  const autopilot = begin(machineOf(guest), { steps }, given);
  try {
    await autopilot.done;
  } finally {
    autopilot[Symbol.dispose]();
  }
}

test("it waits for texts and types lines in turn", async () => {
  const guest = new TestGuest();
  guest.onLine = (line) => guest.show(line === "install" ? "installed\r\n$ " : "");
  const done = run(guest, [
    { wait: "$ " },
    { type: "install" },
    { wait: "installed" },
    { wait: "$ " },
    { type: "poweroff" },
  ]);
  guest.show("boot\r\nbox$ ");
  await done;
  expect(guest.lines).toEqual(["install", "poweroff"]);
});

test("a wait does not see again what an earlier wait has found", async () => {
  const guest = new TestGuest();
  const onMatch = vi.fn();
  const done = run(guest, [{ wait: "$ " }, { wait: "$ " }, { type: "second" }], { onMatch });
  guest.show("one$ ");
  await vi.waitFor(() => expect(onMatch).toHaveBeenCalledOnce());
  expect(guest.typed).toBe("");
  guest.show("two$ ");
  await done;
  expect(guest.lines).toEqual(["second"]);
});

test("a wait is not satisfied by the echo of the line that was typed before", async () => {
  const guest = new TestGuest();
  guest.onLine = (line) => line.startsWith("echo") && guest.show("$ ");
  const done = run(guest, [{ wait: "$ " }, { type: "echo in$ talled" }, { wait: "$ " }, { type: "second" }]);
  guest.show("box$ ");
  await done;
  expect(guest.lines).toEqual(["echo in$ talled", "second"]);
});

test("before it types the first line, it hands out what the console has shown; a guest that continues from there is not waited for", async () => {
  const steps = [{ wait: "login: " }, { type: "root" }, { wait: "# " }, { type: "install" }];
  const shown: string[] = [];
  const beforeTyping = async (text: string) => void shown.push(text);
  const first = new TestGuest();
  first.onLine = () => first.show("# ");
  const done = run(first, steps, { beforeTyping });
  first.show("boot\r\nbox login: ");
  await done;
  expect(shown).toEqual(["boot\r\nbox login: "]);

  const continued = new TestGuest();
  continued.onLine = () => continued.show("# ");
  await run(continued, steps, { shown: shown[0] });
  expect(continued.lines).toEqual(["root", "install"]);
});

test("nothing is handed out when nothing was waited for: the guest has not booted", async () => {
  const guest = new TestGuest();
  const beforeTyping = vi.fn(async () => {});
  await run(guest, [{ type: "now" }], { beforeTyping });
  expect(beforeTyping).not.toHaveBeenCalled();
});

test("a text that does not come in time is an error that shows the console", async () => {
  const guest = new TestGuest();
  guest.show("Kernel panic\r\n");
  await expect(run(guest, [{ wait: "login:", timeout: 0.05 }])).rejects.toMatchObject({
    code: "timed-out",
    message: 'the serial console did not show "login:" in 0.05 s',
    details: ["Kernel panic"],
  });
});

test("the seconds of a wait are the guest's", async () => {
  const guest = new TestGuest();
  const clock = {
    after: vi.fn<GuestClock["after"]>(() => ({ [Symbol.dispose]: () => {} })),
    hold: () => {},
  };
  const done = run(guest, [{ wait: "login:", timeout: 7 }], { clock });
  await vi.waitFor(() => expect(clock.after).toHaveBeenLastCalledWith(7000, expect.anything()));
  const [, act] = clock.after.mock.lastCall ?? [];
  act?.();
  await expect(done).rejects.toMatchObject({ code: "timed-out" });
});

test("it stops at once when it is told to", async () => {
  const controller = new AbortController();
  const guest = new TestGuest();
  const done = run(guest, [{ wait: "never" }], { signal: controller.signal });
  controller.abort(new Error("enough"));
  await expect(done).rejects.toThrow("enough");
  expect(guest.listenerCount("data")).toBe(0);
});

test("a screen that can't be read once is read again", async () => {
  const machine = machineOf(new TestGuest());
  machine.screen = { kind: "text", columns: 80, lines: ["login:"] };
  const { screenText } = machine.control;
  let reads = 0;
  machine.control.screenText = async () => {
    reads += 1;
    if (reads === 1) throw new Error("no space left on the disk");
    return await screenText();
  };
  await begin(machine, { console: "screen", steps: [{ wait: "login:" }] }).done;
  expect(reads).toBe(2);
});

test("on the screen it waits, types and presses keys, and no echo passes for an answer", async () => {
  const machine = machineOf(new TestGuest());
  const show = (...lines: string[]) => {
    machine.screen = { kind: "text", columns: 80, lines: [...lines, ""] };
  };
  show("boot:");
  machine.onTyped = (text) => {
    if (text === "linux ready") show("boot: linux ready");
    else if (text === "\n") show("boot: linux ready", "ready");
  };
  const steps: InstallStep[] = [
    { wait: { match: "^boot" } },
    { type: "linux ready" },
    { wait: "ready" },
    { keys: "a<tab><lt>b<ret>" },
    { press: ["ctrl", "alt", "f2"] },
  ];
  await begin(machine, { console: "screen", steps }).done;
  expect(machine.done).toEqual([
    'type "linux ready"',
    'type "\\n"',
    'type "a"',
    "press tab",
    'type "<"',
    'type "b"',
    "press ret",
    "press ctrl alt f2",
  ]);
});

test("a recipe for the serial console can wait for the screen, press keys there, and change CDs", async () => {
  const guest = new TestGuest();
  const machine = machineOf(guest);
  machine.screen = { kind: "text", columns: 80, lines: ["Press any key"] };
  const steps: InstallStep[] = [
    { screen: "any key" },
    { keys: "x<down><ret>" },
    { insert: "second.iso" },
    { insert: "/isos/third.iso" },
    { eject: true },
    { reset: true },
    { wait: "power-off" },
  ];
  await begin(machine, { steps }).done;
  expect(guest.typed).toBe("x\x1b[B\r");
  expect(machine.done).toEqual(["insert /recipe/second.iso", "insert /isos/third.iso", "eject", "reset"]);
});

test("a step waits for a picture on the screen, and clicks at a place in it; another at one of the screen", async () => {
  const folder = mkdtempSync(join(tmpdir(), "autopilot-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const machine = machineOf(new TestGuest());
  machine.picture = testScreen(160, 100);
  const cut = cutOut(machine.picture, { x: 60, y: 40, width: 30, height: 20 }, 30);
  writeFileSync(join(folder, "ok.png"), toPng(cut));
  const steps: InstallStep[] = [
    { region: "ok.png", tolerance: 0.05, click: [15, -10] },
    { click: [1, 2] },
    { wait: "power-off" },
  ];
  const { done, events } = begin(machine, { steps, folder });
  await done;
  expect(machine.done).toEqual(["click 75, 30", "click 1, 2"]);
  expect(events).toContainEqual(
    expect.objectContaining({ type: "install-step-done", index: 0, found: "at 60, 40" }),
  );
});

test("what a guest has shown is kept before a click, though that waits for a picture first", async () => {
  const machine = machineOf(new TestGuest());
  const before: number[] = [];
  const beforeTyping = async () => void before.push(machine.done.length);
  const steps: InstallStep[] = [{ screen: "any key" }, { region: "none.png", click: [1, 1] }];
  machine.screen = { kind: "text", columns: 80, lines: ["Press any key"] };
  await expect(begin(machine, { steps }, { beforeTyping }).done).rejects.toThrow("/recipe/none.png");
  expect(before).toEqual([0]);
});

test("a checkpoint of the same step, from before, is replaced", async () => {
  const machine = machineOf(new TestGuest());
  await begin(machine, { steps: [{ checkpoint: "installed" }] }).done;
  expect(machine.done).toEqual(["checkpoint installed"]);
});

test("variables and secrets are typed, and events only name the secrets", async () => {
  const guest = new TestGuest();
  const steps: InstallStep[] = [
    { type: ["useradd ", { variable: "USER" }, " -d \u0024{HOME}"] },
    { type: [{ secret: "PASSWORD" }] },
  ];
  const env = { TINSMITH_SECRET_PASSWORD: "hush hush" };
  const { done, events } = begin(machineOf(guest), {
    steps,
    values: findTypedValues(steps, { variables: { USER: "tc" }, env }),
  });
  await done;
  expect(guest.lines).toEqual(["useradd tc -d \u0024{HOME}", "hush hush"]);
  expect(JSON.stringify(events)).not.toContain("hush");
  expect(JSON.stringify(events)).toContain('"secret":"PASSWORD"');
});

test("its events tell which step is being done, and what a wait has found", async () => {
  const guest = new TestGuest();
  const steps: InstallStep[] = [{ wait: { match: "box\\d" } }, { type: "root" }];
  const { done, events } = begin(machineOf(guest), { steps });
  guest.show("box7 login: ");
  await done;
  expect(events).toEqual([
    { type: "install-steps", console: "serial", steps },
    { type: "install-step-started", index: 0 },
    { type: "install-step-done", index: 0, found: "box7" },
    { type: "install-step-started", index: 1 },
    { type: "install-step-done", index: 1, found: undefined },
  ]);
});
