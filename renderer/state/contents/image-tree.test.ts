import { expect, test } from "vitest";
import type { ContentEntry } from "../../../shared/contents/entry.ts";
import type { FolderContent } from "../../../shared/contents/folder-content.ts";
import {
  chosenAfter,
  findEntry,
  foldersAround,
  type ImageTree,
  imageRows,
  onlyFolder,
} from "./image-tree.ts";

function entry(path: string, more: Partial<ContentEntry> = {}): ContentEntry {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return { path, name, kind: "file", size: 1, allocated: 1, links: 1, mayHoldFiles: false, ...more };
}

function folder(entries: readonly ContentEntry[], more: Partial<FolderContent> = {}): FolderContent {
  return { entries, isCut: false, system: { format: "ext4", label: "", notes: [] }, ...more };
}

const withNote = { system: { format: "ext4", label: "", notes: ["a journal"] } };
const tree: ImageTree = {
  folders: new Map([
    ["/", { content: folder([entry("/disk.img", { mayHoldFiles: true }), entry("/machine.json")]) }],
    [
      "/disk.img",
      {
        content: folder([entry("/disk.img/etc", { kind: "folder" }), entry("/disk.img/my.tgz")], withNote),
      },
    ],
    ["/disk.img/etc", { content: folder([], { ...withNote, isCut: true }) }],
    ["/disk.img/my.tgz", { error: { code: "damaged-file-system", message: "it is damaged" } }],
  ]),
  open: new Set(["/disk.img", "/disk.img/etc", "/disk.img/my.tgz"]),
};

/** Each row as a text: its depth, its kind, and what it shows. */
function shown(of: ImageTree) {
  return imageRows(of).map((row) => {
    const state = row.isOpen === undefined ? "" : row.isOpen ? " open" : " closed";
    return `${row.depth} ${row.kind} ${row.name}${state}`;
  });
}

test("each open folder is followed by the notes of its file system, once, and by its entries", () => {
  expect(shown(tree)).toEqual([
    "0 entry disk.img open",
    "1 note ",
    "1 entry etc open",
    "2 empty ",
    "2 cut ",
    "1 entry my.tgz",
    "2 error ",
    "0 entry machine.json",
  ]);
});

test("a folder that is open and not there yet is being read; one that is closed shows nothing", () => {
  expect(shown({ folders: new Map(), open: new Set() })).toEqual(["0 reading "]);
  expect(shown({ ...tree, open: new Set() })).toEqual(["0 entry disk.img closed", "0 entry machine.json"]);
});

test("a chosen line about a folder gives way to the next one, and to the first entry", () => {
  const keyOf = (folders: ImageTree["folders"]) => imageRows({ folders, open: new Set() })[0]?.key ?? "";
  const reading = keyOf(new Map());
  const failed = { error: { code: "timed-out", message: "it took too long" } } as const;
  const read = { content: folder([entry("/a"), entry("/b")]) };
  expect(chosenAfter(reading, "/", failed)).toBe(keyOf(new Map([["/", failed]])));
  expect(chosenAfter(reading, "/", read)).toBe("/a");
  expect(chosenAfter(keyOf(new Map([["/", failed]])), "/", {})).toBe(reading);
  expect(chosenAfter("/b", "/", failed)).toBe("/b");
});

test("only a folder that is alone is the next one to be opened", () => {
  const top = tree.folders.get("/")?.content as FolderContent;
  expect(onlyFolder(top)?.path).toBe("/disk.img");
  expect(onlyFolder({ ...top, isCut: true })).toBeUndefined();
  expect(onlyFolder(folder([...top.entries, entry("/b.img", { mayHoldFiles: true })]))).toBeUndefined();
  expect(onlyFolder(folder([]))).toBeUndefined();
});

test("an entry is found by its path, and so are the folders around it", () => {
  expect(foldersAround("/disk.img/etc/passwd")).toEqual(["/disk.img", "/disk.img/etc"]);
  expect(foldersAround("/disk.img")).toEqual([]);
  expect(findEntry(tree, "/disk.img/etc")?.name).toBe("etc");
  expect(findEntry(tree, "/disk.img")?.name).toBe("disk.img");
  expect(findEntry(tree, "/disk.img/etc/none")).toBeUndefined();
});
