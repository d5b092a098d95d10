import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { whoHasOpen } from "./file-holder.ts";

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "tinsmith-holder-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

test("another process that has a file open is named, by whatever name the file is asked for", async () => {
  const folder = newFolder();
  writeFileSync(join(folder, "file"), "");
  symlinkSync("file", join(folder, "link"));
  const file = openSync(join(folder, "file"), "r");
  const holder = spawn("sleep", ["1000"], { stdio: ["ignore", "ignore", "ignore", file] });
  closeSync(file);
  onTestFinished(() => void holder.kill());
  await once(holder, "spawn");
  expect(whoHasOpen(join(folder, "link"))).toBe(`process ${holder.pid} (sleep 1000)`);
});

test("this process, which has just tried to lock it, is not named", () => {
  const folder = newFolder();
  const file = openSync(join(folder, "file"), "w");
  onTestFinished(() => closeSync(file));
  expect(whoHasOpen(join(folder, "file"))).toBeUndefined();
});

test("nobody has a file that is not there", () => {
  expect(whoHasOpen(join(newFolder(), "nothing"))).toBeUndefined();
});
