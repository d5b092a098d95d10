import { expect, test } from "vitest";
import type { KeyboardLayout } from "../../../shared/machine/keyboard-layout.ts";
import type { QmpClient } from "../process/qmp-client.ts";
import { keyEventsOf, pressChord, typeKeys } from "./type-keys.ts";

const key = (scanCode: number, shift = false, altgr = false) => [{ scanCode, shift, altgr }];
const layout: KeyboardLayout = {
  name: "test",
  strokes: {
    a: key(0x1e),
    A: key(0x1e, true),
    B: key(0x30, true),
    "@": key(0x10, false, true),
    "\n": key(0x1c),
    ã: [...key(0x28), ...key(0x1e)],
  },
};

/** Keys going down and up, as in "+1e -1e". */
function describe(text: string): string {
  return keyEventsOf(text, layout)
    .map(({ key, down }) => `${down ? "+" : "-"}${key.toString(16)}`)
    .join(" ");
}

test("modifiers are held for what needs them, as long as it comes, and let go at the end", () => {
  expect(describe("aAB@")).toBe("+1e -1e +2a +1e -1e +30 -30 -2a +b8 +10 -10 -b8");
});

test("line ends of all kinds are the Return key", () => {
  expect(describe("\r\n\n\r")).toBe("+1c -1c +1c -1c +1c -1c");
});

test("a letter with a mark is typed with a dead key, however it is written", () => {
  expect(describe("ã")).toBe("+28 -28 +1e -1e");
  expect(describe("a\u0303")).toBe("+28 -28 +1e -1e");
});

test("when the layout has no key for a character, nothing is typed, and all such are named", () => {
  expect(() => keyEventsOf("a漢a字漢", layout)).toThrow(
    'the keyboard layout test has no keys for "漢" "字": nothing was typed',
  );
});

/** A QEMU that notes which keys it is sent, those of one command in one text. */
function fakeQmp() {
  const sent: string[] = [];
  const execute: QmpClient["execute"] = async (_command, args) => {
    const { events } = args as { events: { data: { down: boolean; key: { data: number | string } } }[] };
    const words = events.map(({ data }) => `${data.down ? "+" : "-"}${data.key.data.toString(16)}`);
    sent.push(words.join(" "));
    return {};
  };
  return { qmp: { execute } as QmpClient, sent };
}

test("typing waits while the guest stands still", async () => {
  const { qmp, sent } = fakeQmp();
  const running = Promise.withResolvers<void>();
  const typing = typeKeys(qmp, keyEventsOf("a", layout), {
    signal: new AbortController().signal,
    whenRunning: () => running.promise,
  });
  await new Promise(setImmediate);
  expect(sent).toEqual([]);
  running.resolve();
  await typing;
  // In one command: a guest that gets no time in between would repeat the key.
  expect(sent).toEqual(["+1e -1e"]);
});

test("typing that is stopped leaves no key down", async () => {
  const { qmp, sent } = fakeQmp();
  const stop = new AbortController();
  const reason = new Error("stopped");
  const whenRunning = async () => {
    if (sent.length === 2) stop.abort(reason);
  };
  await expect(typeKeys(qmp, keyEventsOf("Aa", layout), { signal: stop.signal, whenRunning })).rejects.toBe(
    reason,
  );
  expect(sent).toEqual(["+2a", "+1e -1e", "-2a"]);
});

test("keys that are pressed together go down and up in one command, in which nothing can come between", async () => {
  const { qmp, sent } = fakeQmp();
  await pressChord(qmp, ["ctrl", "alt", "f2"]);
  await pressChord(qmp, ["down"]);
  expect(sent).toEqual(["+ctrl +alt +f2 -f2 -alt -ctrl", "+down -down"]);
});
