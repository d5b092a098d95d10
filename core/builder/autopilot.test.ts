import { Duplex } from "node:stream";
import { expect, test, vi } from "vitest";
import type { AutopilotStep } from "../../shared/recipe/recipe.ts";
import { type GuestClock, startGuestClock } from "../time/guest-clock.ts";
import { runAutopilot } from "./autopilot.ts";

/** A console on which the test plays the guest: `show` prints on it, `typed` is its input. */
class FakeConsole extends Duplex {
  typed = "";
  onTyped = (_line: string) => {};

  show(text: string | Buffer): void {
    this.push(text);
  }

  override _read(): void {}

  override _write(bytes: Buffer, _encoding: string, done: () => void): void {
    this.typed += bytes;
    this.onTyped(bytes.toString());
    done();
  }
}

const options = {
  signal: new AbortController().signal,
  clock: startGuestClock(),
  onMatch: () => {},
};

function run(serial: Duplex, steps: AutopilotStep[], signal = options.signal): Promise<void> {
  return runAutopilot(serial, steps, { ...options, signal });
}

test("it waits for texts and types lines in turn", async () => {
  const serial = new FakeConsole();
  serial.onTyped = (line) => serial.show(line === "install\r" ? "installed\r\n$ " : "");
  const done = run(serial, [
    { wait: "$ " },
    { type: "install" },
    { wait: "installed" },
    { type: "poweroff" },
  ]);
  serial.show("boot\r\nbox$ ");
  await done;
  expect(serial.typed).toBe("install\rpoweroff\r");
});

test("a wait does not see again what an earlier wait has found", async () => {
  const serial = new FakeConsole();
  const done = run(serial, [{ wait: "$ " }, { wait: "$ " }, { type: "second" }]);
  serial.show("one$ ");
  await new Promise(setImmediate);
  expect(serial.typed).toBe("");
  serial.show("two$ ");
  await done;
  expect(serial.typed).toBe("second\r");
});

test("before it types the first line, it hands out what the console has shown; a guest that continues from there is not waited for", async () => {
  const steps = [{ wait: "login: " }, { type: "root" }, { wait: "# " }, { type: "install" }];
  const shown: string[] = [];
  const beforeTyping = async (text: string) => void shown.push(text);
  const first = new FakeConsole();
  first.onTyped = (line) => first.show(`${line}\n# `);
  const done = runAutopilot(first, steps, { ...options, beforeTyping });
  first.show("boot\r\nbox login: ");
  await done;
  expect(shown).toEqual(["boot\r\nbox login: "]);

  const continued = new FakeConsole();
  continued.onTyped = (line) => continued.show(`${line}\n# `);
  await runAutopilot(continued, steps, { ...options, shown: shown[0] });
  expect(continued.typed).toBe("root\rinstall\r");
});

test("nothing is handed out when nothing was waited for: the guest has not booted", async () => {
  const serial = new FakeConsole();
  const beforeTyping = vi.fn(async () => {});
  await runAutopilot(serial, [{ type: "now" }], { ...options, beforeTyping });
  expect(beforeTyping).not.toHaveBeenCalled();
});

test("it sees a text that comes in pieces, in colours, and with characters cut in two", async () => {
  const serial = new FakeConsole();
  const done = run(serial, [{ wait: "prêt: ok" }]);
  const bytes = Buffer.from("pr\x1b[6n\x1b[1;32mêt: \x1b[0mok");
  for (const byte of bytes) serial.show(Buffer.of(byte));
  await expect(done).resolves.toBeUndefined();
});

test("a text that does not come in time is an error that shows the console", async () => {
  const serial = new FakeConsole();
  serial.show("Kernel panic\r\n");
  await expect(run(serial, [{ wait: "login:", timeout: 0.05 }])).rejects.toMatchObject({
    code: "timed-out",
    message: 'the serial console did not show "login:" in 0.05 s',
    details: ["Kernel panic"],
  });
});

test("the seconds of a wait are the guest's", async () => {
  const serial = new FakeConsole();
  const clock = { after: vi.fn<GuestClock["after"]>(() => ({ [Symbol.dispose]: () => {} })) };
  const done = runAutopilot(serial, [{ wait: "login:", timeout: 7 }], { ...options, clock });
  const [milliseconds, act] = clock.after.mock.lastCall ?? [];
  expect(milliseconds).toBe(7000);
  act?.();
  await expect(done).rejects.toMatchObject({ code: "timed-out" });
});

test("it stops at once when it is told to", async () => {
  const controller = new AbortController();
  const serial = new FakeConsole();
  const done = run(serial, [{ wait: "never" }], controller.signal);
  controller.abort(new Error("enough"));
  await expect(done).rejects.toThrow("enough");
  expect(serial.listenerCount("data")).toBe(0);
});
