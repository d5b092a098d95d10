import { execFile, execFileSync } from "node:child_process";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { replaceFile } from "./replace-file.ts";
import { temporaryPath } from "./temporary-names.ts";

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "replace-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

test("a file is replaced, with its permissions kept, and one that is missing is made with its folder", () => {
  const folder = join(newFolder(), "new");
  const path = join(folder, "file");
  replaceFile(path, () => "first");
  chmodSync(path, 0o640);
  replaceFile(path, () => `${readFileSync(path)}, second`);
  expect(readFileSync(path, "utf8")).toBe("first, second");
  expect(statSync(path).mode & 0o777).toBe(0o640);
  expect(readdirSync(folder)).toEqual(["file"]);
});

test("a folder that takes no new file is named with the file, and not the lock in it", () => {
  const target = "/proc/tinsmith-test.yaml";
  expect(() => replaceFile(target, () => "")).toThrow(
    `${target} can't be written: no file can be created in /proc`,
  );
});

test("a link stays, and the file that it leads to is replaced", () => {
  const folder = newFolder();
  const path = join(folder, "link");
  writeFileSync(join(folder, "file"), "old");
  symlinkSync("file", path);
  replaceFile(path, () => "new");
  expect(lstatSync(path).isSymbolicLink()).toBe(true);
  expect(readFileSync(join(folder, "file"), "utf8")).toBe("new");
});

test("a change that fails leaves the file as it was, and nothing beside it", () => {
  const folder = newFolder();
  const path = join(folder, "file");
  writeFileSync(path, "old");
  const fail = () => {
    throw new Error("no");
  };
  expect(() => replaceFile(path, fail)).toThrow("no");
  expect(readFileSync(path, "utf8")).toBe("old");
  expect(readdirSync(folder)).toEqual(["file"]);
});

test("what a killed process left is removed, and a person's file is not", () => {
  const folder = newFolder();
  const path = join(folder, "file");
  writeFileSync(temporaryPath(path), "half");
  for (const theirs of ["file.partial", ".file.tinsmith-mine"]) writeFileSync(join(folder, theirs), "theirs");
  mkdirSync(join(folder, "other"));
  replaceFile(path, () => "new");
  expect(readdirSync(folder).sort()).toEqual([".file.tinsmith-mine", "file", "file.partial", "other"]);
});

test("of many changes that several processes make at once, none is lost", async () => {
  const home = newFolder();
  const script = `
    const { changeSettings } = await import(${JSON.stringify(join(import.meta.dirname, "../../storage/settings-store.ts"))});
    const { rememberImage } = await import(${JSON.stringify(join(import.meta.dirname, "../../storage/known-images.ts"))});
    const { findPaths } = await import(${JSON.stringify(join(import.meta.dirname, "../../storage/paths.ts"))});
    const paths = findPaths({ TINSMITH_HOME: ${JSON.stringify(home)} });
    for (let index = 0; index < 40; index++) {
      const name = process.argv[1] + index;
      changeSettings(paths, ({ archives }) => ({ archives: [...archives, name] }));
      rememberImage(paths, name);
    }`;
  const names = ["a", "b", "c"];
  const run = promisify(execFile);
  await Promise.all(names.map((name) => run(process.execPath, ["--input-type=module", "-e", script, name])));
  const wanted = names.flatMap((name) => Array.from({ length: 40 }, (_, index) => `${name}${index}`)).sort();
  expect(JSON.parse(readFileSync(join(home, "settings.json"), "utf8")).archives.sort()).toEqual(wanted);
  const lines = readFileSync(join(home, "known-images"), "utf8").trim().split("\n");
  expect(lines[0]).toBe("version 1");
  expect(lines.slice(1).sort()).toEqual(wanted);
}, 60_000);

test("a link to anything else than a file is refused, and what it leads to stays", () => {
  const folder = newFolder();
  const pipe = join(folder, "pipe");
  execFileSync("mkfifo", [pipe]);
  symlinkSync("pipe", join(folder, "link"));
  expect(() => replaceFile(join(folder, "link"), () => "new")).toThrow(
    expect.objectContaining({ code: "usage", message: `${pipe} is a named pipe, not a file` }),
  );
  expect(lstatSync(pipe).isFIFO()).toBe(true);
});
