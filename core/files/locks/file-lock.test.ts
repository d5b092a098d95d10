import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { isLocked, lockDescriptor, tryLock } from "./file-lock.ts";

function newFile(): string {
  const folder = mkdtempSync(join(tmpdir(), "tinsmith-lock-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, "lock");
}

test("a second comer is told who holds the lock", () => {
  const path = newFile();
  const first = tryLock(path, "the first one");
  if ("heldBy" in first) throw new Error("nobody else can hold it");
  expect(tryLock(path, "the second one")).toEqual({ heldBy: "the first one" });
  first[Symbol.dispose]();
  const third = tryLock(path, "the third one");
  expect(third).not.toHaveProperty("heldBy");
  if (!("heldBy" in third)) third[Symbol.dispose]();
});

test("what a holder said of itself does not outlast it", () => {
  const path = newFile();
  const first = tryLock(path, "the first one");
  if ("heldBy" in first) throw new Error("nobody else can hold it");
  first[Symbol.dispose]();
  expect(readFileSync(path, "utf8")).toBe("");
});

test("the kernel gives a lock back when its holder dies", () => {
  const path = newFile();
  const dying = `
    const { tryLock } = await import(${JSON.stringify(join(import.meta.dirname, "file-lock.ts"))});
    tryLock(${JSON.stringify(path)}, "one that dies");
    console.log(require("node:child_process").spawnSync("flock", ["--nonblock", ${JSON.stringify(path)}, "true"]).status);
    process.kill(process.pid, "SIGKILL");`;
  let said = "";
  try {
    execFileSync(process.execPath, [
      "--disable-warning=ExperimentalWarning",
      "-e",
      `(async () => {${dying}})()`,
    ]);
  } catch (error) {
    said = String(Object(error).stdout);
  }
  expect(said).toBe("1\n");
  expect(isLocked(path)).toBe(false);
});

test("a look at a lock makes no file, starts no program, and does not wait at a FIFO", () => {
  const path = newFile();
  vi.stubEnv("PATH", "/nonexistent");
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(isLocked(path)).toBe(false);
  expect(existsSync(path)).toBe(false);
  const held = tryLock(path, "the first one");
  if ("heldBy" in held) throw new Error("nobody else can hold it");
  expect(isLocked(path)).toBe(true);
  held[Symbol.dispose]();
  expect(isLocked(path)).toBe(false);
  for (const other of [`${path}/lock`, "x".repeat(300)]) expect(isLocked(other)).toBe(false);
  const fifo = newFile();
  vi.unstubAllEnvs();
  execFileSync("mkfifo", [fifo]);
  expect(isLocked(fifo)).toBe(false);
});

test("a file that can't be locked is named, with the reason", () => {
  const path = newFile();
  expect(() => lockDescriptor(path, 1_000_000)).toThrow(`${path} can't be locked: bad file descriptor`);
});
