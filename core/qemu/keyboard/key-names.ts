/** A row of keys whose scan codes follow each other, by QEMU's names. */
const keyRow = (first: number, names: string): readonly (readonly [number, string])[] =>
  names.split(" ").map((name, index) => [first + index, name]);

/** QEMU's names of the keys that give characters, by their scan codes in the PC's first set: where they are on a US keyboard. */
const namesOfScanCodes: ReadonlyMap<number, string> = new Map([
  ...keyRow(0x02, "1 2 3 4 5 6 7 8 9 0 minus equal"),
  ...keyRow(0x10, "q w e r t y u i o p bracket_left bracket_right"),
  ...keyRow(0x1e, "a s d f g h j k l semicolon apostrophe grave_accent"),
  ...keyRow(0x2b, "backslash z x c v b n m comma dot slash"),
  ...keyRow(0x39, "spc"),
  // Keys that US keyboards lack.
  ...keyRow(0x56, "less"),
  ...keyRow(0x73, "ro"),
  ...keyRow(0x7d, "yen"),
]);

/** QEMU's name of the key with that scan code, if it is one that gives characters. */
export function nameOfScanCode(scanCode: number): string | undefined {
  return namesOfScanCodes.get(scanCode);
}

/** QEMU's names of keys that give no characters, by X's keysyms. */
const namesOfKeysyms: ReadonlyMap<number, string> = new Map([
  [0xff08, "backspace"],
  [0xff09, "tab"],
  [0xff0d, "ret"],
  ...keyRow(0xff13, "pause scroll_lock sysrq"),
  [0xff1b, "esc"],
  ...keyRow(0xff50, "home left up right down pgup pgdn end"),
  [0xff61, "print"],
  [0xff63, "insert"],
  [0xff67, "compose"],
  [0xff8d, "kp_enter"],
  // The keypad without Num Lock.
  ...keyRow(0xff95, "home left up right down pgup pgdn end"),
  [0xff9e, "insert"],
  [0xff9f, "delete"],
  ...keyRow(0xffbe, "f1 f2 f3 f4 f5 f6 f7 f8 f9 f10 f11 f12"),
  [0xffff, "delete"],
]);

/** QEMU's name of the key with that keysym, if it is one that gives no characters and is not held with others. */
export function nameOfKeysym(keysym: number): string | undefined {
  return namesOfKeysyms.get(keysym);
}
