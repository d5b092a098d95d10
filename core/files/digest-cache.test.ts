import {
  appendFileSync,
  mkdtempSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { digestEntries, digestTrees } from "./digest.ts";
import { DigestCache } from "./digest-cache.ts";

vi.mock(import("./digest.ts"), async (original) => {
  const all = await original();
  return { ...all, digestEntries: vi.fn(all.digestEntries) };
});
const reading = vi.mocked(digestEntries);
afterEach(() => void reading.mockClear());

function newFile(content = "content"): string {
  const folder = mkdtempSync(join(tmpdir(), "digest-cache-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "file");
  writeFileSync(path, content);
  return path;
}

/** Sets the clock to this many milliseconds after a file's last change. */
function age(path: string, milliseconds: number): void {
  vi.useFakeTimers({ now: statSync(path).ctimeMs + milliseconds, toFake: ["Date"] });
  onTestFinished(() => void vi.useRealTimers());
}

test("a file is only read again when it has changed, though it has the same size and time as before", async () => {
  const path = newFile();
  age(path, 10_000);
  const cache = new DigestCache();
  const first = await cache.digest([path]);
  cache.forgetRecent();
  expect(await cache.digest([path])).toEqual(first);
  expect(reading).toHaveBeenCalledTimes(1);
  const { atime, mtime } = statSync(path);
  writeFileSync(path, "another");
  utimesSync(path, atime, mtime);
  cache.forgetRecent();
  expect((await cache.digest([path])).digest).toBe(await digestTrees([path]));
});

test("a file that was changed just now is read again: its next change may look the same", async () => {
  const path = newFile();
  age(path, 10);
  const cache = new DigestCache();
  for (const _ of [1, 2]) {
    cache.forgetRecent();
    await cache.digest([path]);
  }
  expect(reading).toHaveBeenCalledTimes(2);
});

test("all who ask at once, or before something may have changed, share one reading", async () => {
  const path = newFile();
  const cache = new DigestCache();
  const [first, second] = await Promise.all([cache.digest([path]), cache.digest([path])]);
  expect(second).toBe(first);
  await cache.digest([path]);
  expect(reading).toHaveBeenCalledTimes(1);
});

test("a file that changes while it is read is read again", async () => {
  const path = newFile();
  const cache = new DigestCache();
  const { getMockImplementation } = reading;
  const read = getMockImplementation.call(reading);
  reading.mockImplementationOnce(async (...args) => {
    const digest = await read?.(...args);
    appendFileSync(path, ", and more");
    return digest ?? "";
  });
  expect((await cache.digest([path])).digest).toBe(await digestTrees([path]));
});

test("a large file is not read before whoever writes it has come to an end", async () => {
  const path = newFile();
  truncateSync(path, 64 * 1024 ** 2);
  const changed = Date.now();
  await new DigestCache({ awaitsWriters: true }).digest([path]);
  expect(Date.now() - changed).toBeGreaterThan(1_900);
  expect(reading).toHaveBeenCalledTimes(1);
});
