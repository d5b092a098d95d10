import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { keyBindings, keysOf } from "./key-bindings.ts";

const renderer = resolve(import.meta.dirname, "../..");
const sources = readdirSync(renderer, { recursive: true, encoding: "utf8" })
  .filter((name) => /(?<!\.test)\.tsx?$/.test(name) && !name.endsWith("key-bindings.ts"))
  .map((name) => readFileSync(join(renderer, name), "utf8"));

test("no keys mean two things in one place", () => {
  const everywhere = keyBindings.filter(({ place }) => place === "Everywhere");
  const places = new Set(keyBindings.map(({ place }) => place));
  for (const wanted of places) {
    const bound = keyBindings.filter(({ place }) => place === wanted);
    const others = wanted === "Everywhere" ? [] : everywhere;
    const keys = [...bound, ...others].map((binding) => binding.keys);
    expect(keys.filter((one, index) => keys.indexOf(one) !== index)).toEqual([]);
  }
});

test("no command has two bindings", () => {
  const commands = keyBindings.flatMap((binding) => binding.commands ?? []);
  expect(commands.filter((one, index) => commands.indexOf(one) !== index)).toEqual([]);
});

test("each command that has keys exists", () => {
  const all = sources.join("\n");
  const missing = keyBindings.flatMap(({ commands = [] }) =>
    commands.filter((id) => !all.includes(`id: "${id}"`)),
  );
  expect(missing).toEqual([]);
});

test("commands get their keys from the table alone", () => {
  const own = sources.filter((source) => /\bid: "[^"]+",[^}]*\bkeys: "/.test(source));
  expect(own).toEqual([]);
  expect(keysOf("build.worker")).toBe("Ctrl+Shift+B");
  expect(keysOf("run.worker")).toBeUndefined();
});
