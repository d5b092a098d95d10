import { expect, test } from "vitest";
import { shownLine } from "./shown-line.ts";

test.each([
  ["colours are left out", "\x1b[32mgreen\x1b[0m", "green"],
  ["a backspace erases as a terminal's driver does it", "Name: Adx\b \ba", "Name: Ada"],
  ["a backspace at the beginning moves nothing", "\bA", "A"],
  ["a carriage return starts the line anew", " 10%\r100%", "100%"],
  ["what a shorter text does not overwrite stays", "12345\r67", "67345"],
  ["the rest of the line can be erased", "abcd\b\b\x1b[Kx", "abx"],
  ["a carriage return before a line feed that has not come yet erases nothing", "Name: Ada\r", "Name: Ada"],
])("%s", (_, text, shown) => expect(shownLine(text)).toBe(shown));
