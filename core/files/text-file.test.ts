import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readTextFile } from "./text-file.ts";

const maximumBytes = 2 * 1024 ** 2;
const rules = { maximumBytes, code: "invalid-recipe" } as const;

function temporaryPath(): string {
  const folder = mkdtempSync(join(tmpdir(), "tinsmith-text-file-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, "recipe.yaml");
}

test("a text of as many bytes as are allowed is read", () => {
  const path = temporaryPath();
  const text = "é".repeat(maximumBytes / 2);
  writeFileSync(path, text);
  expect(readTextFile(path, rules) === text).toBe(true);
  writeFileSync(path, "");
  expect(readTextFile(path, rules)).toBe("");
});

test.each([
  {
    title: "one byte more",
    write: (path: string) => writeFileSync(path, "a".repeat(maximumBytes + 1)),
    reason: "has over 2 MiB",
  },
  {
    title: "a folder",
    write: (path: string) => mkdirSync(path),
    reason: "is a folder, not a file",
    code: "usage",
  },
  {
    title: "half a character",
    write: (path: string) => writeFileSync(path, Buffer.from("é").subarray(1)),
    reason: "is not UTF-8 text",
  },
])("$title is refused", ({ write, reason, code = "invalid-recipe" }) => {
  const path = temporaryPath();
  write(path);
  expect(() => readTextFile(path, rules)).toThrow(
    expect.objectContaining({ code, message: `${path} ${reason}` }),
  );
});

test("a device, and the memory of a process, are refused and not read on", () => {
  expect(() => readTextFile("/dev/zero", rules)).toThrow("/dev/zero is a character device, not a file");
  expect(() => readTextFile("/proc/self/mem", rules)).toThrow(
    "/proc/self/mem is a virtual file of the system",
  );
});

test("a file that is not there is said to be missing", () => {
  expect(() => readTextFile(temporaryPath(), rules)).toThrow("recipe.yaml does not exist");
});
