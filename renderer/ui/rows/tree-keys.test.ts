import { expect, test } from "vitest";
import { findByBeginning, treeStep } from "./tree-keys.ts";

const lines = [
  { depth: 0, name: "etc", isOpen: true },
  { depth: 1, name: "init.d", isOpen: false },
  { depth: 1, name: "passwd" },
  { depth: 0, name: "home", isOpen: true },
  { depth: 0, name: "Init" },
];

test.each([
  ["ArrowDown", -1, { kind: "go", to: 0 }],
  ["ArrowDown", 4, { kind: "go", to: 4 }],
  ["ArrowUp", 2, { kind: "go", to: 1 }],
  ["Home", 3, { kind: "go", to: 0 }],
  ["End", 0, { kind: "go", to: 4 }],
  ["ArrowRight", 1, { kind: "open", at: 1 }],
  ["ArrowRight", 0, { kind: "go", to: 1 }],
  ["ArrowRight", 2, undefined],
  ["ArrowRight", 3, undefined],
  ["ArrowLeft", 0, { kind: "close", at: 0 }],
  ["ArrowLeft", 2, { kind: "go", to: 0 }],
  ["ArrowLeft", 4, undefined],
  ["x", 0, undefined],
])("%s on line %i", (key, at, step) => {
  expect(treeStep(lines, at, key)).toEqual(step);
});

test("a tree without lines has nothing to go to", () => {
  expect(treeStep([], -1, "ArrowDown")).toBeUndefined();
  expect(findByBeginning([], -1, "a")).toBe(-1);
});

test("a letter goes to the next line that begins with it; more letters stay on a line that fits", () => {
  expect(findByBeginning(lines, 1, "i")).toBe(4);
  expect(findByBeginning(lines, 4, "i")).toBe(1);
  expect(findByBeginning(lines, 1, "in")).toBe(1);
  expect(findByBeginning(lines, 0, "x")).toBe(-1);
});
