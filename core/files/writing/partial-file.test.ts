import { execFileSync } from "node:child_process";
import {
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import promises from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { namesOfOpenWork, runLastActs } from "../../async/process-end.ts";
import { PartialFolder } from "../../image/archive/partial-folder.ts";
import { PartialFile } from "./partial-file.ts";
import { temporaryPath } from "./temporary-names.ts";

function testTarget() {
  const folder = mkdtempSync(join(tmpdir(), "partial-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return { folder, target: join(folder, "file") };
}

async function write(target: string, text: string, commit: "commit" | "commitAsNew"): Promise<void> {
  await using file = await PartialFile.create(target);
  await file.write(Buffer.from(text), 0);
  await file[commit]();
}

test("a file gets its name in place of an old one, or only when there is none", async () => {
  const { folder, target } = testTarget();
  await write(target, "first", "commitAsNew");
  expect(readFileSync(target, "utf8")).toBe("first");
  await expect(write(target, "second", "commitAsNew")).rejects.toMatchObject({ code: "EEXIST" });
  expect(readFileSync(target, "utf8")).toBe("first");
  await write(target, "third", "commit");
  expect(readFileSync(target, "utf8")).toBe("third");
  expect(readdirSync(folder)).toEqual(["file"]);
});

test("a file that was never given its name is gone", async () => {
  const { folder, target } = testTarget();
  await (await PartialFile.create(target))[Symbol.asyncDispose]();
  expect(readdirSync(folder)).toEqual([]);
});

test("a forced stop removes the file, and an image's new folder, unless they have their names", async () => {
  const { folder, target } = testTarget();
  await using file = await PartialFile.create(target);
  await file.write(Buffer.from("half"), 0);
  expect(namesOfOpenWork()).toEqual([`the new file ${target}`]);
  runLastActs();
  expect(readdirSync(folder)).toEqual([]);

  const { folder: outer } = testTarget();
  await using image = await PartialFolder.create(outer);
  writeFileSync(join(image.path, "disk.img"), "half");
  runLastActs();
  expect(readdirSync(outer)).toEqual([]);

  await write(target, "whole", "commit");
  expect(namesOfOpenWork()).toEqual([]);
});

test("a process that was killed while it gave a new file its name leaves that file whole", async () => {
  const { folder, target } = testTarget();
  writeFileSync(target, "whole");
  linkSync(target, temporaryPath(target));
  await expect(write(target, "other", "commitAsNew")).rejects.toMatchObject({ code: "EEXIST" });
  expect(readFileSync(target, "utf8")).toBe("whole");
  expect(readdirSync(folder)).toEqual(["file"]);
});

test.each(["commit", "commitAsNew"] as const)(
  "no other file than the target is touched by %s",
  async (commit) => {
    const { folder, target } = testTarget();
    const theirs = ["file.partial", ".file.partial", ".file.tinsmith-notes", ".file.tinsmith-", "file~"];
    for (const name of theirs) writeFileSync(join(folder, name), "theirs");
    mkdirSync(temporaryPath(target));
    await write(target, "ours", commit);
    for (const name of theirs) expect(readFileSync(join(folder, name), "utf8")).toBe("theirs");
    expect(readdirSync(folder)).toHaveLength(theirs.length + 2);
  },
);

test("what killed processes left is removed and named, and what a process still writes is not", async () => {
  const { folder, target } = testTarget();
  const left = [temporaryPath(target), temporaryPath(target)].sort();
  for (const path of left) writeFileSync(path, "half");
  const notes: string[] = [];
  {
    await using _file = await PartialFile.create(target, (text) => notes.push(text));
    await expect(PartialFile.create(target)).rejects.toMatchObject({ code: "busy" });
    expect(readdirSync(folder)).toHaveLength(1);
  }
  expect(notes.sort()).toEqual(left.map((path) => `Deleted what a killed process left: ${path}.`));
});

test("a target's name may be as long as a file's name can be", async () => {
  const { folder } = testTarget();
  const name = "é".repeat(127);
  await write(join(folder, name), "text", "commitAsNew");
  expect(readdirSync(folder)).toEqual([name]);
});

test("where there are no hard links, a new file gets its name, but never another file's", async () => {
  const { folder, target } = testTarget();
  const refusal = Object.assign(new Error("no links here"), { code: "EPERM" });
  const link = vi.spyOn(promises, "link").mockRejectedValue(refusal);
  syncBuiltinESMExports();
  onTestFinished(() => {
    link.mockRestore();
    syncBuiltinESMExports();
  });
  await write(target, "first", "commitAsNew");
  await expect(write(target, "second", "commitAsNew")).rejects.toMatchObject({ code: "EEXIST" });
  expect(link).toHaveBeenCalledTimes(2);
  expect(readFileSync(target, "utf8")).toBe("first");
  expect(readdirSync(folder)).toEqual(["file"]);
});

test("nothing but a file is replaced, and links are", async () => {
  const { folder, target } = testTarget();
  execFileSync("mkfifo", [target]);
  await expect(write(target, "text", "commit")).rejects.toMatchObject({
    code: "usage",
    message: `${target} is a named pipe, not a file`,
  });
  expect(lstatSync(target).isFIFO()).toBe(true);
  symlinkSync("file", join(folder, "link"));
  await write(join(folder, "link"), "text", "commit");
  expect(readFileSync(join(folder, "link"), "utf8")).toBe("text");
  expect(readdirSync(folder)).toEqual(["file", "link"]);
});
