import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { AppError } from "../../shared/errors/errors.ts";
import { putFile } from "./put-file.ts";

test.each([
  ["guest-action-failed", "copying a\\nb into the guest was cut off"],
  ["interrupted", "the shell"],
] as const)("a shell that ends with %s while it receives a file: %s", async (code, message) => {
  const folder = mkdtempSync(join(tmpdir(), "ts-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const source = join(folder, "a\nb");
  writeFileSync(source, "text");
  const openShell = async () => ({
    send: () => {},
    ended: Promise.reject(new AppError({ code, message: "the shell" })),
  });
  await expect(putFile({ openShell }, source, "/tmp/")).rejects.toMatchObject({ code, message });
});
