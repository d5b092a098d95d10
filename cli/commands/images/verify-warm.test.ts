import { expect, test } from "vitest";
import type { FileChange } from "../../../shared/contents/compare-lists.ts";
import { describeVerdict } from "./verify-warm.ts";

const changed: FileChange = { path: "/file", change: "changed", metadata: [] };

test("the verdict mentions the differences that two builds may have only if there are any", () => {
  expect(describeVerdict([])).toBe("The warm and the cold build have the same files.");
  expect(describeVerdict([{ ...changed, expected: "random bytes" }])).toBe(
    "The warm and the cold build have the same files, but for 1 difference that two builds may have.",
  );
  expect(describeVerdict([changed])).toBe(
    "The warm and the cold build differ in 1 file that should be the same.",
  );
});
