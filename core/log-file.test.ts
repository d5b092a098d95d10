import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { LogFile } from "./log-file.ts";

test("what comes is added, for this user's eyes only", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tinsmith-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "task.log");
  for (const text of ["first\n", "second\n"]) {
    await using log = await LogFile.create(path);
    await log.write(Buffer.from(text));
  }
  expect(readFileSync(path, "utf8")).toBe("first\nsecond\n");
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test("a full disk is passed over: what is logged goes on", async () => {
  await using log = await LogFile.create("/dev/full");
  await expect(log.write(Buffer.from("text"))).resolves.toBeUndefined();
});
