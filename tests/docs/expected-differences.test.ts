import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { expectedDifferences } from "../../shared/contents/expected-differences.ts";

test("the page on rebuilds has all differences that two builds may have, with their reasons", () => {
  const page = readFileSync(join(import.meta.dirname, "../../docs/rebuild.md"), "utf8");
  const [, table = ""] = /\| difference \| reason \|\n\|---\|---\|\n((?:\|.*\n)+)/.exec(page) ?? [];
  const reasons = [...table.matchAll(/^\|.*\| (.*) \|$/gm)].map(([, reason]) => reason);
  expect(reasons.sort()).toEqual(expectedDifferences.map(({ reason }) => reason).sort());
});
