import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { createGrowingFile, readGrowing } from "./growing-file.ts";
import { LogFile } from "./log-file.ts";

test("what comes is added, for this user's eyes only", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tinsmith-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "task.log");
  for (const text of ["first\n", "second\n"]) {
    await using log = await LogFile.create(createGrowingFile(path));
    await log.write(Buffer.from(text));
  }
  expect(readFileSync(path, "utf8")).toBe("first\nsecond\n");
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test("what was taken is in the file once it was flushed", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tinsmith-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "task.log");
  await using log = await LogFile.create(createGrowingFile(path));
  const pieces = Array.from({ length: 300 }, (_, index) => Buffer.alloc(10_000, index));
  for (const piece of pieces) await log.write(piece);
  await log.flush();
  expect(readFileSync(path).equals(Buffer.concat(pieces))).toBe(true);
});

test("whoever reads it meanwhile is told that it has grown", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tinsmith-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = createGrowingFile(join(folder, "task.log"));
  const reading = Array.fromAsync(readGrowing(file, 0, new AbortController().signal));
  {
    await using log = await LogFile.create(file);
    await log.write(Buffer.from("first\n"));
    await log.flush();
    await log.write(Buffer.from("second\n"));
  }
  file.end();
  expect(Buffer.concat(await reading).toString()).toBe("first\nsecond\n");
});

test("a full disk is passed over: what is logged goes on", async () => {
  const onNote = vi.fn();
  const log = await LogFile.create(createGrowingFile("/dev/full"), onNote, 0);
  await expect(log.write(Buffer.from("text"))).resolves.toBeUndefined();
  await expect(log[Symbol.asyncDispose]()).resolves.toBeUndefined();
  expect(onNote).toHaveBeenCalledOnce();
});

test("a disk that is nearly full costs the log what would take its last space, which is said once", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tinsmith-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "task.log");
  const onNote = vi.fn();
  await using log = await LogFile.create(createGrowingFile(path), onNote, Number.MAX_SAFE_INTEGER);
  await log.write(Buffer.from("first\n"));
  await log.write(Buffer.from("second\n"));
  expect(readFileSync(path, "utf8")).toBe("");
  expect(onNote).toHaveBeenCalledExactlyOnceWith(expect.stringMatching(/task\.log will lack .* free\.$/));
});
