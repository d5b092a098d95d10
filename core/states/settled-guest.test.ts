import { expect, test } from "vitest";
import { isSettled } from "./settled-guest.ts";

const looks = (text: string) => [...text].map((letter) => letter === "h");

test.each([
  ["h".repeat(60), true, "a guest that sleeps"],
  ["hbb".repeat(20), true, "a guest that looks for a CD every 0.2 s"],
  ["h".repeat(59), false, "a guest that has done something just now"],
  ["b".repeat(60), false, "a guest that unpacks its kernel"],
  [`${"h".repeat(39)}${"b".repeat(21)}`, false, "a guest that waited for its network, and goes on"],
])("%s: settled is %s: %s", (text, expected) => {
  expect(isSettled(looks(text))).toBe(expected);
});
