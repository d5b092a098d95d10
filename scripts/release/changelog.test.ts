import { expect, test } from "vitest";
import { readChanges, withVersion } from "./changelog.ts";

const changes = "### Added\n\n- A thing.\n";
const older = "\n## [0.2.0] - 2026-11-01\n\n- Old.\n\n## [0.1.0] - 2026-10-01\n\n- First.\n";

test("the changes of a release are those below [Unreleased]", () => {
  const changelog = `# Changelog\n\n## [Unreleased]\n\n${changes}${older}`;
  expect(readChanges(changelog)).toEqual({ released: "0.2.0", notes: changes.trim() });
  expect(withVersion(changelog, "0.3.0", "2026-12-01")).toBe(
    `# Changelog\n\n## [Unreleased]\n\n## [0.3.0] - 2026-12-01\n\n${changes}${older}`,
  );
});

test("before the first release, no version was released", () => {
  expect(readChanges(`## [Unreleased]\n\n${changes}`).released).toBeUndefined();
});

test.each([
  ["## [Unreleased]\n\n### Added\n", "lists nothing below [Unreleased]"],
  [`## [Unreleased]\n${older}`, "lists nothing below [Unreleased]"],
  [`# Changelog\n${older}`, "has no heading [Unreleased]"],
])("a changelog without changes is refused: %j", (changelog, reason) => {
  expect(() => readChanges(changelog)).toThrow(`CHANGELOG.md ${reason}`);
});
