import { expect, test } from "vitest";
import { nearestName } from "./nearest-name.ts";

const known = ["memory", "mouse", "keyboard", "keyboardLayout"];

test.each([
  ["memry", "memory"],
  ["Mouse", "mouse"],
  ["keyboardlayout", "keyboardLayout"],
  ["keybord", "keyboard"],
  ["mem", "memory"],
  ["muose", "mouse"],
])("%s means %s", (word, name) => {
  expect(nearestName(word, known)).toBe(name);
});

test.each(["", "colour", "x".repeat(100_000)])("nothing is near to %s", (word) => {
  expect(nearestName(word, known)).toBeUndefined();
});
