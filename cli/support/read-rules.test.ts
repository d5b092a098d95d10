import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { runCommand } from "../commands/tasks/run.ts";
import { rulesOf } from "./read-rules.ts";

test("the rules of a file apply, or those of the image set, or none", () => {
  const folder = mkdtempSync(join(tmpdir(), "set-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const write = (file: string, name: string) =>
    writeFileSync(join(folder, file), `rules: [{name: ${name}, steps: [{hold: true}]}]`);
  write("rules.yaml", "set");
  write("own.yaml", "own");
  const nameOf = (given: Parameters<typeof rulesOf>[0]) => rulesOf(given, folder)?.rules[0]?.name;
  expect(nameOf({})).toBeUndefined();
  expect(nameOf({ setRules: true })).toBe("set");
  expect(nameOf({ rules: join(folder, "own.yaml") })).toBe("own");
});

test("a command takes the rules of a file or those of the image set, and not both", () => {
  const command = runCommand()
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  expect(() =>
    command.parse(["--rules", "a.yaml", "--set-rules", "image", "true"], { from: "user" }),
  ).toThrow("--set-rules");
});
