import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { isLocked, tryLock } from "./file-lock.ts";

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
