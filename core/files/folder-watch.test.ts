import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { eventually } from "../../tests/eventually.ts";
import { createFolderWatch } from "./folder-watch.ts";

function watched(...names: readonly string[]) {
  const root = mkdtempSync(join(tmpdir(), "folder-watch-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const folders = names.map((name) => join(root, name));
  for (const folder of folders) mkdirSync(folder);
  const changed = new Set<string>();
  const watch = createFolderWatch((folder) => changed.add(folder));
  onTestFinished(() => watch[Symbol.dispose]());
  const tells = (folder: string) => eventually(() => expect([...changed]).toContain(folder));
  return { root, folders, watch, changed, tells };
}

test("new, changed and removed files of a folder are told", async () => {
  const {
    folders: [folder = ""],
    watch,
    changed,
    tells,
  } = watched("one");
  await watch.watch(new Set([folder]));
  for (const change of [
    () => writeFileSync(join(folder, "file"), "1"),
    () => appendFileSync(join(folder, "file"), "2"),
    () => renameSync(join(folder, "file"), join(folder, "other")),
    () => rmSync(join(folder, "other")),
  ]) {
    changed.clear();
    change();
    await tells(folder);
  }
});

test("folders that are watched no longer are not told of", async () => {
  const {
    folders: [one = "", two = ""],
    watch,
    changed,
    tells,
  } = watched("one", "two");
  expect(await watch.watch(new Set([one, two]))).toBe(false);
  expect(await watch.watch(new Set([two]))).toBe(true);
  writeFileSync(join(one, "file"), "");
  writeFileSync(join(two, "file"), "");
  await tells(two);
  expect([...changed]).toEqual([two]);
});

test("a folder that was replaced is watched as soon as it is asked for again", async () => {
  const {
    folders: [folder = ""],
    watch,
    changed,
    tells,
  } = watched("one");
  await watch.watch(new Set([folder]));
  renameSync(folder, `${folder}-old`);
  mkdirSync(folder);
  expect(await watch.watch(new Set([folder]))).toBe(false);
  expect(await watch.watch(new Set([folder]))).toBe(true);
  changed.clear();
  writeFileSync(join(folder, "file"), "");
  await tells(folder);
});

test("a folder that does not exist is not watched, and that is said", async () => {
  const { root, watch } = watched();
  const folders = new Set([join(root, "gone")]);
  expect(await watch.watch(folders)).toBe(false);
  expect(await watch.watch(folders)).toBe(false);
});
