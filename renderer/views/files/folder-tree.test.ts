import { expect, test } from "vitest";
import { findFolder, rowsOf, treeOf } from "./folder-tree.ts";

const tree = treeOf(["/etc/passwd", "/etc/init.d/tc", "/etc/init.d/rc", "/a file", "/etc/\n", "//odd//path"]);

test("files stand in their folders, folders first, each with how many files are below", () => {
  const rows = rowsOf(tree, () => true);
  expect(rows.map(({ kind, path, depth, count }) => [kind, path, depth, count])).toEqual([
    ["folder", "/etc", 0, 4],
    ["folder", "/etc/init.d", 1, 2],
    ["file", "/etc/init.d/rc", 2, 0],
    ["file", "/etc/init.d/tc", 2, 0],
    ["file", "/etc/\n", 1, 0],
    ["file", "/etc/passwd", 1, 0],
    ["folder", "/odd", 0, 1],
    ["file", "/odd/path", 1, 0],
    ["file", "/a file", 0, 0],
  ]);
});

test("what is in a closed folder is not shown", () => {
  expect(rowsOf(tree, (path) => path === "/etc").map(({ path }) => path)).toEqual([
    "/etc",
    "/etc/init.d",
    "/etc/\n",
    "/etc/passwd",
    "/odd",
    "/a file",
  ]);
});

test("a listing is shown from the folder that was asked for", () => {
  expect(findFolder(tree, "/etc/init.d").count).toBe(2);
  expect(findFolder(tree, "/etc/nothing").path).toBe("/etc");
});

test("names that JavaScript's objects have already are names like others", () => {
  const odd = treeOf(["/__proto__/constructor", "/constructor/toString"]);
  expect(rowsOf(odd, () => true).filter(({ kind }) => kind === "file")).toHaveLength(2);
});
