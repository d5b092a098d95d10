import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readMachineFile } from "./read-machine.ts";

/** A file with that text. */
function machineFile(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), "tinsmith-machine-file-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "mine.json");
  writeFileSync(path, text);
  return path;
}

test("a definition is read from its file", () => {
  expect(readMachineFile(machineFile('{"version": 1, "memory": 512}'))).toMatchObject({ memory: 512 });
});

test("what is wrong with a definition is said of its file", () => {
  const path = machineFile('{"version": 2}');
  expect(() => readMachineFile(path)).toThrow(`${path} is not a valid machine definition`);
});

test("a file over 1 MiB is refused, though it would be valid", () => {
  const text = '{"version": 1}'.padEnd(1024 ** 2);
  expect(readMachineFile(machineFile(text))).toMatchObject({ version: 1 });
  const path = machineFile(`${text} `);
  expect(() => readMachineFile(path)).toThrow(
    expect.objectContaining({ code: "invalid-machine", message: `${path} has over 1 MiB` }),
  );
});
