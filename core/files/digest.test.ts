import { chmodSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { digestFile, digestTrees } from "./digest.ts";

function newTree(): string {
  const folder = mkdtempSync(join(tmpdir(), "tinsmith-digest-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, "sub"));
  writeFileSync(join(folder, "a"), "one");
  writeFileSync(join(folder, "sub/b"), "two");
  return folder;
}

test("a file's digest is its SHA-256", async () => {
  expect(await digestFile(join(newTree(), "a"))).toBe(
    "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed",
  );
});

test("equal trees have equal digests, wherever and however old they are", () => {
  const [first, second] = [newTree(), newTree()];
  utimesSync(join(second, "a"), 0, 0);
  expect(digestTrees([second])).toBe(digestTrees([first]));
});

test.each([
  ["content", (folder: string) => writeFileSync(join(folder, "a"), "One")],
  ["a new file", (folder: string) => writeFileSync(join(folder, "sub/c"), "")],
  ["a name", (folder: string) => writeFileSync(join(folder, "A"), "one")],
  ["the executable bit", (folder: string) => chmodSync(join(folder, "a"), 0o755)],
])("%s changes the digest", (_what, change) => {
  const folder = newTree();
  const before = digestTrees([folder]);
  change(folder);
  expect(digestTrees([folder])).not.toBe(before);
});
