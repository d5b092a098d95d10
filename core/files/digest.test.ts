import { execFileSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
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

test("taking a file's digest says how far it is, and can be interrupted", async () => {
  const path = join(newTree(), "large");
  writeFileSync(path, Buffer.alloc(1.5 * 1024 ** 2));
  const stop = new AbortController();
  const steps: number[][] = [];
  await digestFile(path, { onProgress: (...step) => steps.push(step) });
  expect(steps).toEqual([
    [1024 ** 2, 1.5 * 1024 ** 2],
    [1.5 * 1024 ** 2, 1.5 * 1024 ** 2],
  ]);
  const reason = new Error("stopped");
  const digest = digestFile(path, { signal: stop.signal, onProgress: () => stop.abort(reason) });
  await expect(digest).rejects.toBe(reason);
});

test("equal trees have equal digests, wherever and however old they are", async () => {
  const [first, second] = [newTree(), newTree()];
  utimesSync(join(second, "a"), 0, 0);
  expect(await digestTrees([second])).toBe(await digestTrees([first]));
});

test.each([
  ["content", (folder: string) => writeFileSync(join(folder, "a"), "One")],
  ["a new file", (folder: string) => writeFileSync(join(folder, "sub/c"), "")],
  ["a name", (folder: string) => writeFileSync(join(folder, "A"), "one")],
  ["the executable bit", (folder: string) => chmodSync(join(folder, "a"), 0o755)],
])("%s changes the digest", async (_what, change) => {
  const folder = newTree();
  const before = await digestTrees([folder]);
  change(folder);
  expect(await digestTrees([folder])).not.toBe(before);
});

test("digests are the same as those that Tinsmith has recorded since its first version", async () => {
  const folder = newTree();
  symlinkSync("sub/b", join(folder, "link"));
  chmodSync(join(folder, "a"), 0o755);
  expect(await digestTrees([folder])).toBe(
    "569d9de273858c6974f5ea81ea33d9e2c2ecbbf1a9733996d2db296150d13719",
  );
  expect(await digestTrees([join(folder, "sub/b")])).toBe(
    "aa1a27a7ce9c708c20fd57cf104c2cfdfd143535e221f866d1e3222a65eb1a17",
  );
});

test("a path that is a link counts as the file that it leads to", async () => {
  const folder = newTree();
  symlinkSync("sub/b", join(folder, "link"));
  const before = await digestTrees([join(folder, "link")]);
  writeFileSync(join(folder, "sub/b"), "2");
  expect(await digestTrees([join(folder, "link")])).not.toBe(before);
});

test.each(["file", "folder"])(
  "a link in a folder to a %s elsewhere counts as the path in it and the content behind it",
  async (kind) => {
    const [folder, other] = [newTree(), newTree()];
    symlinkSync(kind === "file" ? join(other, "a") : other, join(folder, "link"));
    // It leads back, through a folder that has it.
    symlinkSync(folder, join(other, "back"));
    const before = await digestTrees([folder]);
    writeFileSync(join(other, "a"), "another");
    const after = await digestTrees([folder]);
    expect(after).not.toBe(before);
    expect(await digestTrees([folder])).toBe(after);
  },
);

test("a link to nothing, to the whole disk or to a file without an end counts as the path in it", async () => {
  const folder = newTree();
  for (const target of ["nothing", "/", "/proc/self/status", "/dev/zero"]) {
    const link = join(folder, `to ${basename(target)}`);
    symlinkSync(target, link);
  }
  const before = await digestTrees([folder]);
  expect(await digestTrees([folder])).toBe(before);
  rmSync(join(folder, "to nothing"));
  expect(await digestTrees([folder])).not.toBe(before);
});

test("a named pipe counts by its name, and nobody waits for its other end", async () => {
  const folder = newTree();
  const before = await digestTrees([folder]);
  execFileSync("mkfifo", [join(folder, "pipe")]);
  const after = await digestTrees([folder]);
  expect(after).not.toBe(before);
  expect(await digestTrees([folder])).toBe(after);
});

test("a large file is digested without stopping all else that the process does", async () => {
  const path = join(newTree(), "large");
  writeFileSync(path, "");
  truncateSync(path, 128 * 1024 ** 2);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await digestTrees([path]);
  delay.disable();
  // Read whole, it is a quarter of a second. In pieces it is about a millisecond, and more on a busy machine.
  expect(delay.percentile(90) / 1e6).toBeLessThan(50);
});
