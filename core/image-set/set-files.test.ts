import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { recipeSchema } from "../../shared/recipe/recipe.ts";
import { requireSetFile, setFiles } from "./set-files.ts";

/** A workspace with two image sets, a folder that is none, and a file beside the workspace. */
function makeWorkspace() {
  const home = realpathSync(mkdtempSync(join(tmpdir(), "set-files-")));
  onTestFinished(() => rmSync(home, { recursive: true }));
  const workspace = join(home, "images");
  for (const folder of ["one", "two", "notes"]) mkdirSync(join(workspace, folder), { recursive: true });
  for (const file of [
    "images/one/recipe.yaml",
    "images/one/machine.json",
    "images/two/recipe.yaml",
    "images/two/setup.sh",
    "images/notes/note.txt",
    "secret",
  ])
    writeFileSync(join(home, file), "");
  const resolve = (path: string) => requireSetFile(path, [workspace]);
  return { home, workspace, resolve };
}

test("a set's files are its recipe, its machine definition and what goes on the data CD, if they are there", () => {
  const { workspace } = makeWorkspace();
  const recipe = recipeSchema.parse({ cd: ["../two/setup.sh", "worker.sh", "../notes"] });
  expect(setFiles(join(workspace, "one"), recipe)).toEqual([
    { path: join(workspace, "one/recipe.yaml"), kind: "recipe" },
    { path: join(workspace, "one/machine.json"), kind: "machine" },
    { path: join(workspace, "two/setup.sh"), kind: "other" },
  ]);
});

test("a set's steps files are among its files", () => {
  const { workspace } = makeWorkspace();
  for (const name of ["b.steps.yaml", "a.steps.yaml", "steps.yaml"])
    writeFileSync(join(workspace, "two", name), "");
  expect(setFiles(join(workspace, "two")).filter(({ kind }) => kind === "steps")).toEqual([
    { path: join(workspace, "two/a.steps.yaml"), kind: "steps" },
    { path: join(workspace, "two/b.steps.yaml"), kind: "steps" },
  ]);
});

test("of a set whose recipe can't be read, the recipe and machine.json are there to be corrected", () => {
  const { workspace } = makeWorkspace();
  expect(setFiles(join(workspace, "one"))).toEqual([
    { path: join(workspace, "one/recipe.yaml"), kind: "recipe" },
    { path: join(workspace, "one/machine.json"), kind: "machine" },
  ]);
});

test("a set whose folder is gone has no files", () => {
  const { workspace } = makeWorkspace();
  expect(setFiles(join(workspace, "gone"))).toEqual([]);
});

test("a file in the folder of an image set may be opened, also one that is not there yet", () => {
  const { workspace, resolve } = makeWorkspace();
  for (const path of ["one/recipe.yaml", "two/setup.sh", "two/new.sh"])
    expect(resolve(join(workspace, path))).toBe(join(workspace, path));
  expect(resolve(join(workspace, "one/../two/setup.sh"))).toBe(join(workspace, "two/setup.sh"));
});

test("a recipe that is gone can be put back, though its folder is no image set without it", () => {
  const { workspace, resolve } = makeWorkspace();
  rmSync(join(workspace, "one/recipe.yaml"));
  expect(resolve(join(workspace, "one/recipe.yaml"))).toBe(join(workspace, "one/recipe.yaml"));
  expect(() => resolve(join(workspace, "one/machine.json"))).toThrow(/is not a file of an image set/);
  expect(() => resolve(join(workspace, "gone/recipe.yaml"))).toThrow(/is not a file of an image set/);
});

test("a link from one set to another leads to the file itself", () => {
  const { workspace, resolve } = makeWorkspace();
  symlinkSync("../two/setup.sh", join(workspace, "one/setup.sh"));
  expect(resolve(join(workspace, "one/setup.sh"))).toBe(join(workspace, "two/setup.sh"));
});

test.each([
  ["a file elsewhere", "../secret"],
  ["a way out of a set", "one/../../secret"],
  ["a folder that is no image set", "notes/note.txt"],
  ["the folder of a set itself", "one"],
  ["a folder in a set", "one/folder"],
  ["a link out of the set", "one/link"],
  ["a file behind a link out of the set", "one/outside/secret"],
  ["a new file behind a link out of the set", "one/outside/new"],
  ["a link that leads nowhere", "one/nowhere"],
])("%s is refused", (_title, path) => {
  const { home, workspace, resolve } = makeWorkspace();
  mkdirSync(join(workspace, "one/folder"));
  symlinkSync(join(home, "secret"), join(workspace, "one/link"));
  symlinkSync(home, join(workspace, "one/outside"));
  symlinkSync(join(home, "not-there"), join(workspace, "one/nowhere"));
  const refused = `${workspace}/${path}`;
  expect(() => resolve(refused)).toThrow(
    expect.objectContaining({ code: "usage", message: expect.stringContaining(refused) }),
  );
});
