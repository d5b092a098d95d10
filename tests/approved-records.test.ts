import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { maskLine } from "./ui/approval/masks.ts";

const folder = join(import.meta.dirname, "ui/scenes/approved");

it.each(readdirSync(folder))("the approved record %s has names in place of values that differ", (name) => {
  const lines = readFileSync(join(folder, name), "utf8").split("\n");

  expect(lines.filter((line) => maskLine(line) !== line)).toEqual([]);
});
