import { expect, test } from "vitest";
import { findFailedLine } from "./failed-line.ts";

test.each([
  [["setup: save /opt", "tar: write error", "setup: failed: save /opt", ""], "setup: failed: save /opt"],
  [["cp: can't stat '/mnt/x': No such file"], "cp: can't stat '/mnt/x': No such file"],
  [["sh: filetool.sh: not found", "powering off"], "sh: filetool.sh: not found"],
  [["main.go:7:2: imported and not used"], "main.go:7:2: imported and not used"],
  [["  \x1b[31mKernel panic\x1b[0m - not syncing\r"], "Kernel panic - not syncing"],
])("of %j, the failure is %j", (lines, failure) => {
  expect(findFailedLine(lines)).toBe(failure);
});

test("lines that tell no failure are none, nor is one long before the end", () => {
  expect(findFailedLine([])).toBeUndefined();
  expect(findFailedLine(["setup: started", "no terror, nothing failsafe at 12:30:01"])).toBeUndefined();
  const quiet = Array.from({ length: 30 }, (_, index) => `step ${index}`);
  expect(findFailedLine(["mount: failed", ...quiet])).toBeUndefined();
});

test("of a line of any length, its beginning is told", () => {
  expect(findFailedLine([`error: ${"x".repeat(100_000)}`])).toHaveLength(200);
});
