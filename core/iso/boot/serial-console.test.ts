import { expect, test } from "vitest";
import { withSerialConsole } from "./serial-console.ts";

test.each([
  ["", "console=tty0 console=ttyS0,115200"],
  ["quiet", "quiet console=tty0 console=ttyS0,115200"],
  ["console=tty0 quiet", "console=tty0 quiet console=ttyS0,115200"],
  ["console=ttyS1", "console=ttyS1 console=ttyS0,115200"],
  // The Debian installer takes what is after "---" over to the installed system. The kernel reads it, too.
  ["vga=788 --- quiet", "vga=788 --- quiet console=tty0 console=ttyS0,115200"],
  ["quiet -- single", "quiet console=tty0 console=ttyS0,115200 -- single"],
])("the serial port becomes the last console of %j, and the screen stays one", (given, expected) => {
  expect(withSerialConsole(given)).toBe(expected);
});

test.each(["console=ttyS0", "console=ttyS0,9600n8 console=tty0", "quiet console=ttyS0 -- x"])(
  "%j has the serial port already",
  (parameters) => {
    expect(withSerialConsole(parameters)).toBe(parameters);
  },
);
