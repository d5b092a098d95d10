import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { suggestDownload } from "./suggest-download.ts";

function makeHome(): string {
  const home = mkdtempSync(join(tmpdir(), "home-"));
  onTestFinished(() => rmSync(home, { recursive: true }));
  return home;
}

test("a download goes into the folder for downloads, else into the home, beside what already exists", () => {
  const home = makeHome();
  expect(suggestDownload("log.txt", home)).toBe(join(home, "log.txt"));
  mkdirSync(join(home, "Downloads"));
  expect(suggestDownload("log.txt", home)).toBe(join(home, "Downloads/log.txt"));
  writeFileSync(join(home, "Downloads/log.txt"), "");
  expect(suggestDownload("log.txt", home)).toBe(join(home, "Downloads/log (2).txt"));
});

test.each([
  ["..", "download"],
  ["", "download"],
  [".profile", "profile"],
  ["../../etc/passwd", "_.._etc_passwd"],
  ["a\nb", "a_nb"],
  ["\u202Egpj.exe", "_u{202e}gpj.exe"],
  ["<img src=x>", "<img src=x>"],
])("a guest's name %j becomes %j on this host", (name, expected) => {
  const home = makeHome();
  expect(suggestDownload(name, home)).toBe(join(home, expected));
});

test("a name that is too long for a file is cut between characters", () => {
  const home = makeHome();
  const path = suggestDownload("ü".repeat(1000), home);
  writeFileSync(path, "");
  expect(path).toMatch(/\/ü+$/);
});
