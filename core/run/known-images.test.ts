import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { findPaths } from "../paths.ts";
import { rememberImage, warnOfStranger } from "./known-images.ts";

test("an image from elsewhere comes with a warning, one of one's own does not", () => {
  const home = mkdtempSync(join(tmpdir(), "ts-"));
  onTestFinished(() => rmSync(home, { recursive: true }));
  const paths = findPaths({ TINSMITH_HOME: home });
  const [own, other] = ["a".repeat(64), "b".repeat(64)];
  expect(warnOfStranger(paths, "/own.tar.lz4", own)).toContain("/own.tar.lz4 was not made here");
  rememberImage(paths, own);
  expect(warnOfStranger(paths, "/own.tar.lz4", own)).toBeUndefined();
  expect(warnOfStranger(paths, "/other.tar.lz4", other)).toContain("/other.tar.lz4 was not made here");
});
