import { expect, test } from "vitest";
import type { FileChange } from "../../../shared/contents/compare-lists.ts";
import { formatGrowth } from "../../../shared/contents/describe-change.ts";
import type { ListedEntry } from "../../../shared/contents/file-list.ts";
import { changeKinds, changeRows, changeTree, pickChanges } from "./change-tree.ts";

function file(path: string, size: number): ListedEntry {
  return { path, kind: "file", size, allocated: size, links: 1, digest: `${size}` };
}

function change(path: string, before: number | undefined, after: number | undefined): FileChange {
  return {
    path,
    change: before === undefined ? "added" : after === undefined ? "removed" : "changed",
    ...(before !== undefined && { before: file(path, before) }),
    ...(after !== undefined && { after: file(path, after) }),
    metadata: [],
  };
}

const log: FileChange = { ...change("/d/p1/var/log/boot", 5, 6), expected: "the guest's logs" };
const folder: FileChange = {
  path: "/d/p1/opt/tools",
  change: "added",
  after: { path: "/d/p1/opt/tools", kind: "folder", size: 0, allocated: 0, links: 2 },
  metadata: [],
};
const changes = [
  folder,
  change("/d/p1/opt/tools/a", undefined, 1000),
  change("/d/p1/opt/tools/b", 300, undefined),
  log,
  change("/machine.json", 10, 14),
];

/** Each row as a text: its depth, its name, its bytes, and how many changes are in it. */
const shown = (closed: readonly string[] = []) =>
  changeRows(changeTree(changes), new Set(closed)).map(
    ({ depth, name, growth, count, isOpen, change: own }) =>
      `${depth} ${name} ${formatGrowth(growth)}${isOpen === undefined ? "" : ` ${count}`}${own ? "" : " -"}`,
  );

test("changes are folded by folder, with their bytes; folders with a single folder in them are one line", () => {
  expect(shown()).toEqual([
    "0 d/p1 +701 bytes 4 -",
    "1 opt/tools +700 bytes 3",
    "2 a +1.0 kB",
    "2 b -300 bytes",
    "1 var/log +1 bytes 1 -",
    "2 boot +1 bytes",
    "0 machine.json +4 bytes",
  ]);
  expect(shown(["/d/p1"])).toEqual(["0 d/p1 +701 bytes 4 -", "0 machine.json +4 bytes"]);
});

test("an added folder without changes in it is a line as a file is", () => {
  expect(changeRows(changeTree([folder]), new Set()).map(({ name }) => name)).toEqual(["d/p1/opt", "tools"]);
});

test("changes are picked by their kind, and those that are expected can be left out", () => {
  const all = new Set(changeKinds);
  expect(pickChanges(changes, { kinds: all, hidesExpected: false })).toHaveLength(5);
  expect(pickChanges(changes, { kinds: all, hidesExpected: true })).not.toContain(log);
  expect(
    pickChanges(changes, { kinds: new Set(["removed"]), hidesExpected: false }).map(({ path }) => path),
  ).toEqual(["/d/p1/opt/tools/b"]);
});
