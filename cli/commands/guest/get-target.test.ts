import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { findTarget } from "./get-target.ts";

/** A folder with a file, a folder, and a link that leads nowhere. */
function makeFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "ts-")));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "file"), "");
  mkdirSync(join(folder, "sub/a.log"), { recursive: true });
  symlinkSync(join(folder, "nowhere"), join(folder, "link"));
  return folder;
}

test("without a name the file goes here, under its own", () => {
  expect(findTarget("/var/log/no such file", undefined, false)).toBe(resolve("no such file"));
});

test("a name is taken as it is, and a folder gets the file under its own name", () => {
  const folder = makeFolder();
  expect(findTarget("/in/b.log", join(folder, "other"), false)).toBe(join(folder, "other"));
  expect(findTarget("/in/b.log", join(folder, "sub"), false)).toBe(join(folder, "sub/b.log"));
  expect(findTarget("/in/b.log/", `${folder}/sub/`, false)).toBe(join(folder, "sub/b.log"));
});

test("what is there is replaced only when that was asked for; a folder never is", () => {
  const folder = makeFolder();
  for (const name of ["file", "link"]) {
    const file = join(folder, name);
    expect(() => findTarget("/b.log", file, false)).toThrow(expect.objectContaining({ code: "file-exists" }));
    expect(findTarget("/b.log", file, true)).toBe(file);
  }
  for (const mayReplace of [false, true])
    expect(() => findTarget("/a.log", join(folder, "sub"), mayReplace)).toThrow(
      expect.objectContaining({ code: "file-exists" }),
    );
});

test("a folder that is not there is an error", () => {
  const file = join(makeFolder(), "missing/file");
  expect(() => findTarget("/b.log", file, false)).toThrow(expect.objectContaining({ code: "missing-file" }));
});

test.each(["/", "", "/data/..", "."])("the guest's file must have a name, which %j has not", (path) => {
  expect(() => findTarget(path, undefined, false)).toThrow(expect.objectContaining({ code: "usage" }));
});

test("neither a device nor a named pipe is replaced", () => {
  const pipe = join(makeFolder(), "pipe");
  execFileSync("mkfifo", [pipe]);
  for (const path of ["/dev/null", pipe])
    expect(() => findTarget("/b.log", path, true)).toThrow(
      expect.objectContaining({ code: "usage", advice: "Choose another name." }),
    );
});
