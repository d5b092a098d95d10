import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { eventually } from "../../../tests/eventually.ts";
import { openSession } from "../../session/serve/session.ts";
import { newHome } from "../../session/serve/test-session.ts";
import { sessionsLock } from "../../storage/paths.ts";
import { changeSettings } from "../../storage/settings-store.ts";
import { writersLock } from "../writing/temporary-names.ts";
import { lockFileBriefly, lockFolderBriefly } from "./brief-lock.ts";
import { isLocked } from "./file-lock.ts";

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "ts-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** Has another process hold the lock on a file or folder until the test ends. @returns the error that names it */
async function lockElsewhere(path: string): Promise<object> {
  const holder = spawn("flock", ["--no-fork", path, "sleep", "1000"], { stdio: "ignore" });
  onTestFinished(() => void holder.kill("SIGKILL"));
  await eventually(() => expect(isLocked(path)).toBe(true));
  const message = expect.stringMatching(
    `^process ${holder.pid} \\(.+\\) has locked the (file|folder) ${path}$`,
  );
  // From the second look at the clock on, a minute is over.
  vi.spyOn(Date, "now").mockReturnValueOnce(0).mockReturnValue(60_000);
  onTestFinished(() => void vi.restoreAllMocks());
  return { code: "busy", message };
}

test("who keeps the lock on a folder is named", async () => {
  const folder = newFolder();
  const busy = await lockElsewhere(folder);
  expect(() => lockFolderBriefly(folder)).toThrow(expect.objectContaining(busy));
});

test("who keeps the lock of those that begin sessions is named", async () => {
  const paths = newHome();
  openSession(paths, "a test")[Symbol.dispose]();
  const busy = await lockElsewhere(sessionsLock(paths));
  expect(() => openSession(paths, "another")).toThrow(expect.objectContaining(busy));
});

test("who keeps the lock of those that write the settings is named, and the settings stay", async () => {
  const paths = newHome();
  const kept = changeSettings(paths, { theme: "dark" });
  const lock = writersLock(dirname(paths.settings));
  writeFileSync(lock, "");
  const busy = await lockElsewhere(lock);
  expect(() => changeSettings(paths, { theme: "light" })).toThrow(expect.objectContaining(busy));
  vi.restoreAllMocks();
  rmSync(lock);
  expect(changeSettings(paths, {})).toEqual(kept);
});

test("who waited for a file that its holder removes locks the new one", async () => {
  const path = join(newFolder(), "lock");
  const holder = lockFileBriefly(path, { isRemoved: true });
  // It removes the file while the next one waits: at its first pause.
  vi.spyOn(Atomics, "wait").mockImplementationOnce(() => {
    holder[Symbol.dispose]();
    return "timed-out";
  });
  onTestFinished(() => void vi.restoreAllMocks());
  using _next = lockFileBriefly(path, { isRemoved: true });
  expect(isLocked(path)).toBe(true);
});
