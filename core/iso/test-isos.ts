import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { makeIsoIn } from "./test-iso-files.ts";

/** A folder for one test; removed after the test. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "tinsmith-iso-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** Makes an ISO as `makeIsoIn` does, in a folder of the test. */
export function makeIso(files: Parameters<typeof makeIsoIn>[1], options?: readonly string[]): string {
  return makeIsoIn(newFolder(), files, options);
}
