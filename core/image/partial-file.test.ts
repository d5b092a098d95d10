import { existsSync, linkSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { PartialFile } from "./partial-file.ts";

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

test("a process that was killed while it gave a new file its name leaves that file whole", async () => {
  const { target } = testTarget();
  writeFileSync(target, "whole");
  linkSync(target, `${target}.partial`);
  await write(target, "other", "commitAsNew").catch(() => {});
  expect(readFileSync(target, "utf8")).toBe("whole");
  expect(existsSync(`${target}.partial`)).toBe(false);
});
