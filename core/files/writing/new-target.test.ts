import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { requireNewFile, requireNewFolder } from "./new-target.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "new-target-"));
  mkdirSync(join(folder, "folder"));
  writeFileSync(join(folder, "file"), "");
  symlinkSync("nowhere", join(folder, "broken"));
});
afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  ["file", "file-exists", "file already exists"],
  ["broken", "file-exists", "broken already exists"],
  ["folder", "usage", "folder is a folder"],
  ["folder/", "usage", "is a folder"],
  ["gone/new", "missing-file", "gone does not exist"],
  ["file/new", "usage", "file is a file, not a folder"],
])("a new file can't be %s", (name, code, message) => {
  expect(() => requireNewFile(`${folder}/${name}`)).toThrow(
    expect.objectContaining({ code, message: expect.stringContaining(message), advice: expect.any(String) }),
  );
});

test.each([
  ["file", "file-exists", "file already exists"],
  ["broken", "file-exists", "broken already exists"],
  ["folder", "file-exists", "folder already exists"],
  ["file/new", "usage", "file is a file, not a folder"],
])("a new folder can't be %s", (name, code, message) => {
  expect(() => requireNewFolder(`${folder}/${name}`)).toThrow(
    expect.objectContaining({ code, message: expect.stringContaining(message), advice: expect.any(String) }),
  );
});

test("a new file may be in any folder, and a new folder below some that are missing", () => {
  expect(() => requireNewFile(join(folder, "folder/new"))).not.toThrow();
  expect(() => requireNewFolder(join(folder, "gone/further/new"))).not.toThrow();
});
