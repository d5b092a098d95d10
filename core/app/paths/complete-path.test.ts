import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { completePath } from "./complete-path.ts";

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "browse-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, "isos"));
  for (const name of ["core.iso", "Core.txt", ".hidden"]) writeFileSync(join(folder, name), "");
  symlinkSync("nowhere", join(folder, "broken"));
  return folder;
}

const names = (typed: string) => completePath(typed).map(({ path }) => basename(path));

test("a folder with a slash behind it shows what it holds, its folders first", () => {
  const folder = makeFolder();
  expect(names(`${folder}/`)).toEqual(["isos", "broken", "core.iso", "Core.txt"]);
  expect(completePath(`${folder}/`)[0]).toEqual({ path: join(folder, "isos"), isFolder: true });
});

test("what is typed behind the slash narrows it down, and shows hidden files when it begins with a dot", () => {
  const folder = makeFolder();
  expect(names(`${folder}/co`)).toEqual(["core.iso"]);
  expect(names(`${folder}/.`)).toContain(".hidden");
});

test("where nothing is, there is nothing to go on with", () => {
  expect(completePath("/no/such/folder/")).toEqual([]);
});
