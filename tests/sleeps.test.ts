import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";

// A test that sleeps until something has happened fails on a busy machine, and wastes time on an idle one. Tests wait for
// conditions (tests/eventually.ts; Until in guest/internal/servicetest). They let time pass only by LetTimePass.

const project = resolve(import.meta.dirname, "..");

const allowed: Readonly<Record<string, string>> = {
  "tests/let-time-pass.ts": "the one sleep of the tests in TypeScript",
  "guest/internal/servicetest/waiting.go": "the one sleep of the tests in Go",
  "tests/borders.test.ts": "plants a timer in a source, which the linter has to find",
  "tests/ui/session-process-main.ts":
    "stands still when it is told to, and does not go on: its clients wait, no test does",
  "tests/sleeps.test.ts": "names sleeps, to show that they are found",
};

const sleeps = [
  // Playwright's test.setTimeout() is a limit; setImmediate() waits for no time.
  /(?<!\btest\.)\bset(?:Timeout|Interval)\(/,
  /\bimport\b[^;]*\bset(?:Timeout|Interval)\b[^;]*"(?:node:)?timers(?:\/promises)?"/,
  /\bwaitForTimeout\(/,
  /\bAtomics\.wait\(/,
  /\bscheduler\b/,
  // In Go; a time-out of the test itself is Patience.
  /\btime\.Sleep\(/,
  /\btime\.(?:After|AfterFunc|Tick|NewTimer|NewTicker)\((?!(?:servicetest\.)?Patience\))/,
];

const hasSleep = (text: string) => sleeps.some((sleep) => sleep.test(text));

const filesBelow = (folder: string, isWanted: (name: string) => boolean) =>
  readdirSync(join(project, folder), { recursive: true, encoding: "utf8" })
    .filter(isWanted)
    .map((name) => `${folder}/${name}`);

/** Tests, and the files that only tests use. */
function testFiles(): readonly string[] {
  return [
    ...["shared", "core", "cli", "electron", "renderer"].flatMap((folder) =>
      filesBelow(folder, (name) => /(?:\.test|(?:^|\/)test-[\w-]+)\.tsx?$/.test(name)),
    ),
    ...filesBelow("tests", (name) => /\.(?:ts|tsx|mjs)$/.test(name)),
    ...filesBelow("guest", (name) => /_test\.go$|^internal\/servicetest\/.*\.go$/.test(name)),
  ];
}

test.each([
  "await new Promise((resolve) => setTimeout(resolve, 500));",
  'import { setTimeout as delay } from "node:timers/promises";',
  "setInterval(look, 100);",
  "await page.waitForTimeout(500);",
  "time.Sleep(time.Second)",
  "case <-time.After(20 * time.Millisecond):",
])("a sleep is found: %s", (text) => {
  expect(hasSleep(text)).toBe(true);
});

test.each([
  "test.setTimeout(60_000);",
  'import { setImmediate } from "node:timers/promises";',
  "case <-time.After(servicetest.Patience):",
  "await letTimePass(500);",
])("a wait that is no sleep is left alone: %s", (text) => {
  expect(hasSleep(text)).toBe(false);
});

test("no test sleeps but by the helpers for tests whose subject is time", () => {
  const found = testFiles().filter((file) => hasSleep(readFileSync(join(project, file), "utf8")));
  expect(found.sort()).toEqual(Object.keys(allowed).sort());
});
