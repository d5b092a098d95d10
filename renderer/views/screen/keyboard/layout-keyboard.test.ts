import { expect, test } from "vitest";
import type { KeyboardLayout, Stroke } from "../../../../shared/machine/keyboard-layout.ts";
import { createLayoutKeyboard } from "./layout-keyboard.ts";

const stroke = (scanCode: number, keysym: number | undefined, shift = false, altgr = false): Stroke => ({
  scanCode,
  ...(keysym !== undefined && { keysym }),
  shift,
  altgr,
});
const german: KeyboardLayout = {
  name: "de",
  strokes: {
    z: [stroke(0x15, 0x7a)],
    Z: [stroke(0x15, 0x5a, true)],
    "2": [stroke(0x03, 0x32)],
    '"': [stroke(0x03, 0x22, true)],
    "@": [stroke(0x10, 0x40, false, true)],
    ã: [stroke(0x28, 0xfe53, true), stroke(0x1e, 0x61)],
    "‘": [stroke(0x30, undefined, true, true)],
    "°": [{ ...stroke(0x29, 0xb0, true), release: 0x5e }],
  },
};
const names: Readonly<Record<number, string>> = {
  65505: "Shift",
  65027: "AltGr",
  65507: "Ctrl",
  65293: "Enter",
};

/** A person who types into a guest with a German keyboard, and what QEMU is sent. */
function start() {
  const sent: string[] = [];
  let pressed = { character: "", isCapsLockOn: false };
  const handle = createLayoutKeyboard({
    layout: () => german,
    send: (keysym, _code, down) =>
      sent.push(
        `${down ? "+" : "-"}${names[keysym] ?? (keysym < 0x100 ? String.fromCharCode(keysym) : keysym.toString(16))}`,
      ),
    typeText: (text) => sent.push(`type ${text}`),
    pressed: () => pressed,
  });
  const key = (code: string, keysym: number, down: boolean, isCapsLockOn = false) => {
    const character = keysym < 0x100 || keysym > 0xffff ? String.fromCodePoint(keysym & 0xffff) : "";
    pressed = { character: down ? character : pressed.character, isCapsLockOn };
    handle(keysym, code, down);
  };
  return { key, text: () => sent.join(" ") };
}

test("a key goes up at once, however late the person's does, and repeats as the person's does", () => {
  const { key, text } = start();
  key("KeyY", 0x7a, true);
  expect(text()).toBe("+z -z");
  key("KeyY", 0x7a, true);
  key("KeyY", 0x7a, false);
  expect(text()).toBe("+z -z +z -z");
});

test("a key whose modifiers are the same on both keyboards is pressed with those that the person holds", () => {
  const { key, text } = start();
  key("ShiftLeft", 0xffe1, true);
  key("Digit2", 0x22, true);
  key("Digit2", 0x22, false);
  key("ShiftLeft", 0xffe1, false);
  expect(text()).toBe('+Shift +" -" -Shift');
});

test("a key that needs other modifiers there is tapped with those, and the person's are put back", () => {
  const { key, text } = start();
  key("ShiftLeft", 0xffe1, true);
  key("Digit2", 0x40, true);
  key("Digit2", 0x40, false);
  key("ShiftLeft", 0xffe1, false);
  expect(text()).toBe("+Shift -Shift +AltGr +@ -@ -AltGr +Shift -Shift");
});

test("where one keyboard needs a modifier and the other none, it is added, or let go", () => {
  const { key, text } = start();
  key("Digit3", 0x22, true);
  key("Digit3", 0x22, false);
  key("ShiftLeft", 0xffe1, true);
  key("Digit1", 0x32, true);
  expect(text()).toBe('+Shift +" -" -Shift +Shift -Shift +2 -2 +Shift');
});

test("a letter with a mark is typed by a dead key and the letter", () => {
  const { key, text } = start();
  key("Digit7", 0xe3, true);
  key("Digit7", 0xe3, false);
  expect(text()).toBe("+Shift +fe53 -fe53 -Shift +a -a");
});

test("a key that QEMU would not release by its symbol is released by another of its symbols", () => {
  const { key, text } = start();
  key("Backquote", 0xb0, true);
  expect(text()).toBe("+Shift +° -^ -Shift");
});

test("a character that QEMU can't find by its name is typed by the engine", () => {
  const { key, text } = start();
  key("KeyX", 0x01002018, true);
  key("KeyX", 0x01002018, false);
  expect(text()).toBe("type ‘");
});

test("capitals that come from the lock of capitals need no Shift", () => {
  const { key, text } = start();
  key("KeyY", 0x5a, true, true);
  key("KeyY", 0x5a, false, true);
  expect(text()).toBe("+Z -Z");
});

test("other keys pass as they are, together with what is held", () => {
  const { key, text } = start();
  key("ControlLeft", 0xffe3, true);
  key("KeyY", 0x7a, true);
  key("KeyY", 0x7a, false);
  key("ControlLeft", 0xffe3, false);
  key("Enter", 0xff0d, true);
  key("Enter", 0xff0d, false);
  key("Dead", 0, true);
  expect(text()).toBe("+Ctrl +z -z -Ctrl +Enter -Enter");
});
