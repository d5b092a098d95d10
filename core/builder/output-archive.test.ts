import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { findOutput } from "./output-archive.ts";

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "tinsmith-output-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

test("a name in a folder that can be written to is taken, whether or not there is such a file", () => {
  const archive = join(newFolder(), "worker.tar.lz4");
  expect(findOutput(archive)).toBe(archive);
  writeFileSync(archive, "");
  expect(findOutput(archive)).toBe(archive);
});

test("a link is followed, so that it stays", () => {
  const folder = newFolder();
  writeFileSync(join(folder, "store"), "");
  symlinkSync("store", join(folder, "worker.tar.lz4"));
  expect(findOutput(join(folder, "worker.tar.lz4"))).toBe(join(folder, "store"));
});

test.each([
  [
    "a link that leads nowhere",
    (path: string) => symlinkSync("nowhere", path),
    "missing-file",
    "broken symbolic link",
  ],
  ["a folder", (path: string) => mkdirSync(path), "usage", "is a folder"],
])("%s is refused", (_what, make, code, message) => {
  const path = join(newFolder(), "worker.tar.lz4");
  make(path);
  expect(() => findOutput(path)).toThrow(
    expect.objectContaining({ code, message: expect.stringContaining(message) }),
  );
});

test("a folder that is not there is refused", () => {
  const path = join(newFolder(), "none/worker.tar.lz4");
  expect(() => findOutput(path)).toThrow(expect.objectContaining({ code: "missing-file" }));
});

test("a file in place of the folder, and a name that is too long, are refused", () => {
  const folder = newFolder();
  writeFileSync(join(folder, "file"), "");
  const below = join(folder, "file/worker.tar.lz4");
  expect(() => findOutput(below)).toThrow(`${join(folder, "file")} is a file, not a folder`);
  const long = join(folder, `${"x".repeat(300)}.tar.lz4`);
  expect(() => findOutput(long)).toThrow(expect.objectContaining({ code: "path-too-long" }));
});

test("a name to which that of the manifest can't be added is refused, also that of a link's target", () => {
  const folder = newFolder();
  const named = (bytes: number) => join(folder, `${"x".repeat(bytes - ".tar.lz4".length)}.tar.lz4`);
  const longest = named(255 - ".manifest.json".length);
  expect(findOutput(longest)).toBe(longest);
  const refusal = expect.objectContaining({
    code: "path-too-long",
    message: `${named(253)} has a name of more than 241 bytes, which leaves no room for that of its manifest`,
  });
  expect(() => findOutput(named(253))).toThrow(refusal);
  writeFileSync(named(253), "");
  symlinkSync(named(253), join(folder, "short.tar.lz4"));
  expect(() => findOutput(join(folder, "short.tar.lz4"))).toThrow(refusal);
});

test("a folder without permission to write is refused", () => {
  const folder = newFolder();
  chmodSync(folder, 0o555);
  const script = `
    const { findOutput } = await import(${JSON.stringify(join(import.meta.dirname, "output-archive.ts"))});
    if (process.getuid() === 0) process.setuid(65534);
    try { findOutput(${JSON.stringify(join(folder, "worker.tar.lz4"))}); } catch (error) { console.log(error.code, error.message); }`;
  const said = execFileSync(process.execPath, [
    "--input-type=module",
    "--disable-warning=ExperimentalWarning",
    "-e",
    script,
  ]);
  expect(said.toString()).toBe(`no-permission this user may not write to the folder ${folder}\n`);
});
