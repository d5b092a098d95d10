import type { Duplex } from "node:stream";
import { expect, test, vi } from "vitest";
import type { AutopilotStep } from "../../shared/recipe/recipe.ts";
import { type GuestClock, startGuestClock } from "../time/guest-clock.ts";
import { runAutopilot } from "./run-steps.ts";
import { TestGuest } from "./test-guest.ts";

const options = {
  signal: new AbortController().signal,
  clock: startGuestClock(),
  onMatch: () => {},
};

function run(serial: Duplex, steps: AutopilotStep[], signal = options.signal): Promise<void> {
  return runAutopilot(serial, steps, { ...options, signal });
}

/** A clock on which a wait for an echo ends at once, and no other one ends. */
const impatient: Pick<GuestClock, "after"> = {
  after: (milliseconds, act) => {
    const timer = milliseconds <= 2_000 ? setTimeout(act, 50) : undefined;
    return { [Symbol.dispose]: () => clearTimeout(timer) };
  },
};

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
  const done = runAutopilot(guest, [{ wait: "$ " }, { wait: "$ " }, { type: "second" }], {
    ...options,
    onMatch,
  });
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

test("a line of which the guest has lost keys is typed again", async () => {
  const guest = new TestGuest();
  guest.deafFor = 3;
  guest.show("box$ ");
  await runAutopilot(guest, [{ wait: "$ " }, { type: "install" }], { ...options, clock: impatient });
  expect(guest.lines).toEqual(["install"]);
});

test("a line that the guest has lost as a whole is typed again", async () => {
  const guest = new TestGuest();
  guest.deafFor = "install".length;
  guest.show("box$ ");
  await runAutopilot(guest, [{ wait: "$ " }, { type: "install" }], { ...options, clock: impatient });
  expect(guest.lines).toEqual(["install"]);
});

test("a guest that hides what is typed gets it once", async () => {
  const guest = new TestGuest();
  guest.echoes = false;
  guest.show("Password: ");
  await runAutopilot(guest, [{ wait: "Password: " }, { type: "secret" }], { ...options, clock: impatient });
  expect(guest.lines).toEqual(["secret"]);
});

test("before it types the first line, it hands out what the console has shown; a guest that continues from there is not waited for", async () => {
  const steps = [{ wait: "login: " }, { type: "root" }, { wait: "# " }, { type: "install" }];
  const shown: string[] = [];
  const beforeTyping = async (text: string) => void shown.push(text);
  const first = new TestGuest();
  first.onLine = () => first.show("# ");
  const done = runAutopilot(first, steps, { ...options, beforeTyping });
  first.show("boot\r\nbox login: ");
  await done;
  expect(shown).toEqual(["boot\r\nbox login: "]);

  const continued = new TestGuest();
  continued.onLine = () => continued.show("# ");
  await runAutopilot(continued, steps, { ...options, shown: shown[0] });
  expect(continued.lines).toEqual(["root", "install"]);
});

test("nothing is handed out when nothing was waited for: the guest has not booted", async () => {
  const guest = new TestGuest();
  const beforeTyping = vi.fn(async () => {});
  await runAutopilot(guest, [{ type: "now" }], { ...options, beforeTyping });
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
  const clock = { after: vi.fn<GuestClock["after"]>(() => ({ [Symbol.dispose]: () => {} })) };
  const done = runAutopilot(guest, [{ wait: "login:", timeout: 7 }], { ...options, clock });
  const [milliseconds, act] = clock.after.mock.lastCall ?? [];
  expect(milliseconds).toBe(7000);
  act?.();
  await expect(done).rejects.toMatchObject({ code: "timed-out" });
});

test("it stops at once when it is told to", async () => {
  const controller = new AbortController();
  const guest = new TestGuest();
  const done = run(guest, [{ wait: "never" }], controller.signal);
  controller.abort(new Error("enough"));
  await expect(done).rejects.toThrow("enough");
  expect(guest.listenerCount("data")).toBe(0);
});
