import { expect, test } from "vitest";
import { isWrongEcho } from "./wrong-echo.ts";

const path = "/usr/share/keymaps/i386/qwerty/us.map.gz";

test.each([
  ["another keyboard layout", "zes", "yes"],
  ["another layout for signs only", "mount ßo rw -dev-sda1", "mount -o rw /dev/sda1"],
  ["a lost key in its middle", "inst ll", "install now"],
  ["a lost key in each word", "mont -o rw /dv/sda1", "mount -o rw /dev/sda1"],
  ["keys in another order", "isntall", "install"],
  ["a repeated key in place of another", "innstal", "install"],
  ["a small field with a wrong end", "<386/qwerty/us.map.gy", path],
])("%s is wrong: %j for %j", (_name, shown, line) => {
  expect(isWrongEcho(shown, line)).toBe(true);
});

test.each([
  ["the line itself", "install", "install"],
  ["none", "", "secret"],
  ["only spaces", "   ", "secret"],
  ["stars", "******", "secret"],
  ["dots of another number", "••••••••••••", "secret"],
  ["a field that shows the end of a long line", "386/qwerty/us.map.gz", path],
  ["a field that shows its beginning", "/usr/share/key", path],
  ["a field that shows its middle", "keymaps/i386", path],
  ["a field that marks its ends", "<keymaps/i386>", path],
  ["a marked field of a line editor", "<386/qwerty/us.map.gz", path],
  ["the beginning, of a guest that still reads", "inst", "install"],
  ["upper case, of a field for that", "ABC-DEF", "abc-def"],
  ["spaces that are not shown", "a  b", "a b"],
  ["more than was typed, as of a completion", "/etc/hostname", "/etc/hostn"],
  ["a field that puts signs between them", "2026-12-01", "20261201"],
  ["the output of a program behind it", "inst\r\nError: x", "install grub to /dev/sda"],
  ["a character that the console can't show", "caf\ufffd", "café"],
  ["characters that it shows as others", "cafA", "café"],
  ["a tab, which shells complete", "ls /et c", "ls /et\t"],
])("%s is not wrong: %j for %j", (_name, shown, line) => {
  expect(isWrongEcho(shown, line)).toBe(false);
});
