import { expect, test } from "vitest";
import type { KeyboardLayout } from "../../../shared/machine/keyboard-layout.ts";
import { completeLayout, parseKeymap } from "./keymap.ts";

const noInclude = () => "";
/** The strokes of a character, as text: modifiers and scan code. */
function press({ strokes }: KeyboardLayout, character: string): string[] | undefined {
  return strokes[character]?.map(({ scanCode, shift, altgr }) =>
    [...(shift ? ["shift"] : []), ...(altgr ? ["altgr"] : []), scanCode.toString(16)].join(" "),
  );
}

const keymap = `
# comment
q 0x10
Q 0x10 shift
at 0x10 altgr
a 0x1e
A 0x1e shift
dead_tilde 0x28
dead_circumflex 0x28 shift
asciitilde 0x1b shift altgr
asciitilde 0x1b altgr
KP_Multiply 0x37
KP_7 0x47 numlock
space 0x39
Return 0x1c
U2026 0x34 altgr
EuroSign 0x12 altgr
Nonsense 0x55
`;

test("a character is typed by the key that the keymap gives it, with its modifiers, the fewest there are", () => {
  const layout = parseKeymap("test", keymap, noInclude);
  const pressed = ["q", "Q", "@", "~", "…", "€", "\n", "\t"].map((one) => press(layout, one));
  expect(pressed).toEqual([
    ["10"],
    ["shift 10"],
    ["altgr 10"],
    ["altgr 1b"],
    ["altgr 34"],
    ["altgr 12"],
    ["1c"],
    ["f"],
  ]);
});

test("a dead key and a letter give what they make together; with a space, the mark itself", () => {
  const layout = parseKeymap("test", keymap, noInclude);
  expect(press(layout, "ã")).toEqual(["28", "1e"]);
  expect(press(layout, "Â")).toEqual(["shift 28", "shift 1e"]);
  expect(press(layout, "^")).toEqual(["shift 28", "39"]);
});

test("what is no character, or on the keypad, types nothing", () => {
  const layout = parseKeymap("test", keymap, noInclude);
  expect(Object.keys(layout.strokes).sort().join("")).toBe("\t\n @AQ^aq~ÂÃâã…€");
});

test("a keymap of the older kind includes another, and gives capitals by a word", () => {
  const layout = parseKeymap("old", "include common\nmap 0x41d\na 0x1e addupper\n", (name) =>
    name === "common" ? "Return 0x1c localstate\nperiod 0x34\n" : "",
  );
  expect([press(layout, "a"), press(layout, "A"), press(layout, ".")]).toEqual([
    ["1e"],
    ["shift 1e"],
    ["34"],
  ]);
});

test("a capital whose small letter is on another key is not to be sent as a keysym", () => {
  const layout = parseKeymap("tr", "idotless 0x17\nI 0x17 shift\ni 0x28\nq 0x10\nQ 0x10 shift", noInclude);
  expect(layout.strokes.I?.[0]).toEqual({ scanCode: 0x17, shift: true, altgr: false });
  expect(layout.strokes.Q?.[0]).toMatchObject({ keysym: 0x51 });
});

test("a key that QEMU would not release by a symbol, since another key comes first for it, is released by another symbol of its own", () => {
  const layout = parseKeymap(
    "fr",
    "greater 0x2d shift\nx 0x2d\nless 0x56\ngreater 0x56 shift altgr",
    noInclude,
  );
  expect(layout.strokes[">"]?.[0]).toEqual({ scanCode: 0x2d, shift: true, altgr: false, keysym: 0x3e });
  const later = parseKeymap("fr", "greater 0x2d altgr\nx 0x2d\nless 0x56\ngreater 0x56 shift", noInclude);
  expect(later.strokes[">"]?.[0]).toMatchObject({ scanCode: 0x56, keysym: 0x3e, release: 0x3c });
});

test("a key that QEMU would not release by any symbol is not to be sent as a keysym", () => {
  const layout = parseKeymap("none", "greater 0x2d altgr\ngreater 0x56 shift", noInclude);
  expect(layout.strokes[">"]?.[0]).toEqual({ scanCode: 0x56, shift: true, altgr: false });
});

test("letters that a layout lacks are on the same keys as in a Latin one, once the guest is switched to that", () => {
  const russian = parseKeymap("ru", "Cyrillic_a 0x21\nperiod 0x35", noInclude);
  const latin = parseKeymap("en-us", "f 0x21\nperiod 0x34", noInclude);
  const layout = completeLayout(russian, latin);
  expect(layout.strokes.f).toEqual([{ scanCode: 0x21, shift: false, altgr: false }]);
  expect([press(layout, "а"), press(layout, ".")]).toEqual([["21"], ["35"]]);
});
