import { expect, test } from "vitest";
import type { FileChange } from "./compare-lists.ts";
import type { ListedEntry } from "./file-list.ts";
import { describeGrowth, summarizeGrowth } from "./growth.ts";

const file = (path: string, size: number): ListedEntry => ({
  ...{ path, kind: "file", size, allocated: size, links: 1, digest: `${size}` },
});
const changed = (
  path: string,
  before: number,
  after: number,
  more: Partial<FileChange> = {},
): FileChange => ({
  ...{ path, change: "changed", before: file(path, before), after: file(path, after), metadata: [], ...more },
});
const added = (path: string, size: number): FileChange => ({
  ...{ path, change: "added", after: file(path, size), metadata: [] },
});

function described(changes: readonly FileChange[], growth: number): string {
  return describeGrowth(summarizeGrowth({ changes, growth }));
}

test.each([
  [
    "+1.2 MB: /opt/guest-tools 5.4 MB -> 6.6 MB",
    [changed("/disk.img/partition2/opt/guest-tools", 5.4e6, 6.6e6)],
    1.2e6,
  ],
  [
    "-3.0 MB: /big is gone, 4.0 MB, and 1 other file",
    [{ path: "/big", change: "removed", before: file("/big", 4e6), metadata: [] }, added("/small", 1e6)],
    -3e6,
  ],
  ["+2 bytes: /new is new, 2 bytes", [added("/new", 2)], 2],
  ["+0 bytes: 1 file", [changed("/same-size", 5, 5)], 0],
  [
    "The same files as in the image before.",
    [
      changed("/var/log/x", 1, 9, { expected: "the guest's logs" }),
      changed("/m", 1, 1, { change: "metadata" }),
    ],
    8,
  ],
] satisfies readonly (readonly [string, readonly FileChange[], number])[])("%s", (text, changes, growth) => {
  expect(described(changes, growth)).toBe(text);
});
