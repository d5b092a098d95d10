import { expect, test } from "vitest";
import type { KeyboardLayout, Stroke } from "../../shared/machine/keyboard-layout.ts";
import type { GuestInput } from "../../shared/recorder/guest-input.ts";
import type { ViewerEvent } from "../qemu/keyboard/client-messages.ts";
import { createClientMessages } from "../qemu/keyboard/client-messages.ts";
import { recordedStream } from "../qemu/keyboard/test-client-stream.ts";
import { createScreenInputs } from "./screen-inputs.ts";

const stroke = (scanCode: number, shift = false, altgr = false): Stroke => ({ scanCode, shift, altgr });
/** A German keyboard, where Y and Z have changed their places. */
const german: KeyboardLayout = {
  name: "de",
  strokes: {
    k: [stroke(0x25)],
    z: [stroke(0x15)],
    Z: [stroke(0x15, true)],
    "7": [stroke(0x08)],
    "/": [stroke(0x08, true)],
    "@": [stroke(0x10, false, true)],
  },
};
const keysyms = {
  shift: 0xffe1,
  ctrl: 0xffe3,
  alt: 0xffe9,
  windows: 0xffeb,
  altgr: 0xfe03,
  capsLock: 0xffe5,
  ret: 0xff0d,
  f2: 0xffbf,
  deadTilde: 0xfe53,
  keypad7: 0xffb7,
  euro: 0x20ac,
  cyrillicA: 0x6c1,
  ellipsis: 0x1002026,
} as const;

/** Presses and releases keys, which are written as `+ctrl +k -k -ctrl`, or `k` for both. */
function press(keys: string): readonly GuestInput[] {
  const inputs = createScreenInputs(german);
  const events = keys.split(" ").flatMap((key): ViewerEvent[] => {
    const [, sign, name = ""] = /^([+-]?)(.+)$/.exec(key) ?? [];
    const keysym = Object.entries(keysyms).find(([one]) => one === name)?.[1] ?? name.charCodeAt(0);
    const down = { type: "key", keysym, isDown: true } as const;
    const up = { ...down, isDown: false };
    return sign === "" ? [down, up] : [sign === "+" ? down : up];
  });
  return events.flatMap((event) => inputs.take(event) ?? []);
}

test.each([
  ["k", "k"],
  ["+shift Z -shift", "Z"],
  ["+altgr @ -altgr", "@"],
  ["euro", "€"],
  ["cyrillicA", "а"],
  ["ellipsis", "…"],
  ["keypad7", "7"],
  ["deadTilde n", "ñ"],
  ["deadTilde +shift N -shift", "Ñ"],
])("%s is the text %s", (keys, text) => {
  expect(press(keys)).toEqual([{ console: "screen", text }]);
});

test.each([
  ["ret", ["ret"]],
  ["+shift f2 -shift", ["shift", "f2"]],
  ["+ctrl k -ctrl", ["ctrl", "k"]],
  // The key that QEMU calls y has a Z in Germany.
  ["+ctrl z -ctrl", ["ctrl", "y"]],
  ["+shift +ctrl Z -ctrl -shift", ["ctrl", "shift", "y"]],
  ["+ctrl +shift / -shift -ctrl", ["ctrl", "shift", "7"]],
  ["+alt +altgr @ -altgr -alt", ["alt", "alt_r", "q"]],
  ["+ctrl +alt f2 -alt -ctrl", ["ctrl", "alt", "f2"]],
  ["windows", ["meta_l"]],
  ["alt", ["alt"]],
  ["+alt +alt -alt", ["alt"]],
])("%s are keys that are pressed together: %s", (keys, expected) => {
  expect(press(keys)).toEqual([{ console: "screen", keys: expected }]);
});

test.each([
  "shift",
  "ctrl",
  "altgr",
  "capsLock",
  "+ctrl +alt -alt -ctrl",
  "+ctrl +alt -ctrl -alt",
  "deadTilde",
])("%s alone is no input", (keys) => {
  expect(press(keys)).toEqual([]);
});

test("a key that is held is an input each time that it repeats", () => {
  expect(press("+k +k +k -k")).toHaveLength(3);
});

test("a dead key does not change a letter behind another key", () => {
  expect(press("deadTilde ret n").slice(1)).toEqual([{ console: "screen", text: "n" }]);
});

test("of a real stream, all inputs are found", () => {
  const inputs = createScreenInputs(german);
  const found = createClientMessages()
    .take(recordedStream)
    .flatMap(({ event }) => inputs.take(event) ?? []);
  const text = (written: string) => ({ console: "screen", text: written });
  const keys = (...names: string[]) => ({ console: "screen", keys: names });
  expect(found).toEqual([
    { act: "click", x: 76, y: 38 },
    ...["a", "Z", "@"].map(text),
    keys("ctrl", "k"),
    keys("ctrl", "alt", "delete"),
    ...[keys("ret"), keys("tab"), keys("shift", "tab"), keys("f2"), keys("alt")],
    { act: "click", x: 14, y: 15 },
    text("~"),
  ]);
});
