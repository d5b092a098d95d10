import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { expect, onTestFinished, test, vi } from "vitest";
import { tryLock } from "../files/file-lock.ts";
import { findPaths, sessionPaths } from "../paths.ts";
import { createRunningCheck } from "./running-check.ts";

/** A session's files, with a folder of sockets as one that runs has. */
function makeSession() {
  const home = mkdtempSync(join(tmpdir(), "running-"));
  onTestFinished(() => rmSync(home, { recursive: true }));
  const files = sessionPaths(findPaths({ TINSMITH_HOME: home }), "one");
  mkdirSync(files.folder, { recursive: true });
  mkdirSync(files.socketFolder, { recursive: true });
  return files;
}

function lock(path: string, holder = `Run (process ${process.pid})`): Disposable {
  const taken = tryLock(path, holder);
  if ("heldBy" in taken) throw new Error("it is locked already");
  return taken;
}

test("a session runs while its lock is held, for which the kernel is asked once", () => {
  const files = makeSession();
  const isRunning = createRunningCheck();
  {
    using _held = lock(files.lock);
    expect(isRunning(files)).toBe(true);
    // The program that asks is not found any more.
    vi.stubEnv("PATH", "/nonexistent");
    expect(isRunning(files)).toBe(true);
    vi.unstubAllEnvs();
  }
  expect(isRunning(files)).toBe(false);
});

test("it does not run without its sockets", () => {
  const files = makeSession();
  const isRunning = createRunningCheck();
  using _held = lock(files.lock);
  expect(isRunning(files)).toBe(true);
  rmSync(files.socketFolder, { recursive: true });
  expect(isRunning(files)).toBe(false);
});

test("one whose process was killed does not run, though its words are left", async () => {
  const files = makeSession();
  const isRunning = createRunningCheck();
  const owner = execa("sleep", ["60"], { reject: false });
  const words = `Run (process ${owner.pid})`;
  {
    using _held = lock(files.lock, words);
    expect(isRunning(files)).toBe(true);
  }
  owner.kill("SIGKILL");
  await owner;
  writeFileSync(files.lock, words);
  expect(isRunning(files)).toBe(false);
});

test("a holder that says nothing of itself runs all the same", () => {
  const files = makeSession();
  using _held = lock(files.lock, "");
  expect(createRunningCheck()(files)).toBe(true);
});
