import { expect, test } from "vitest";
import { compareLists } from "../../../shared/contents/compare-lists.ts";
import type { FileList, ListedEntry } from "../../../shared/contents/file-list.ts";
import { swapComparison } from "./swap-comparison.ts";

function file(path: string, size: number, more: Partial<ListedEntry> = {}): ListedEntry {
  return { path, kind: "file", mode: 0o644, size, allocated: size, links: 1, digest: `${size}`, ...more };
}

function listOf(entries: readonly ListedEntry[]): FileList {
  return { entries: [...entries], problems: [] };
}

test("a swapped comparison is the one of the second image with the first", () => {
  const one = listOf([file("/a", 1), file("/gone", 20), file("/mode", 3, { mode: 0o600 }), file("/same", 4)]);
  const other = listOf([file("/a", 9), file("/mode", 3), file("/new", 5), file("/same", 4)]);
  const problems = ["/x can't be read"];
  expect(swapComparison({ comparison: compareLists(one, other), problems })).toEqual({
    comparison: compareLists(other, one),
    problems,
  });
});
