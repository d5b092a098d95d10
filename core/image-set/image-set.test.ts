import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readImageSet } from "./image-set.ts";
import { setFiles } from "./set-files.ts";

function makeSet(recipe = "", name = "small"): string {
  const workspace = mkdtempSync(join(tmpdir(), "image-set-"));
  onTestFinished(() => rmSync(workspace, { recursive: true }));
  const folder = join(workspace, name);
  mkdirSync(folder);
  writeFileSync(join(folder, "recipe.yaml"), recipe);
  return folder;
}

test("the archives of a set have its name, unless the recipe gives them others", () => {
  const folder = makeSet("outputs: {worker: w.tar.zst}");
  expect(readImageSet(folder)).toMatchObject({
    name: "small",
    setupImage: join(folder, "small-setup.tar.lz4"),
    workerImage: join(folder, "w.tar.zst"),
  });
});

test("a name that the set's own gives to the other image is refused", () => {
  const folder = makeSet("outputs: {setup: small-worker.tar.lz4}");
  expect(() => readImageSet(folder)).toThrow(expect.objectContaining({ code: "invalid-recipe" }));
});

test.each([["symbolic", symlinkSync] as const, ["hard", linkSync] as const])(
  "two images that are one file by a %s link are refused",
  (_kind, makeLink) => {
    const folder = makeSet();
    writeFileSync(join(folder, "small-setup.tar.lz4"), "an image");
    expect(readImageSet(folder).name).toBe("small");
    makeLink(join(folder, "small-setup.tar.lz4"), join(folder, "small-worker.tar.lz4"));
    expect(() => readImageSet(folder)).toThrow(
      expect.objectContaining({
        code: "invalid-recipe",
        message: expect.stringContaining("are the same file"),
      }),
    );
  },
);

test("a recipe that names a steps file has the steps of it, from its folder; the file is one of the set's", () => {
  const folder = makeSet("steps: recorded/mine.yaml\nsize: 2\nconsole: serial\n");
  const stepsFile = join(folder, "recorded/mine.yaml");
  expect(() => readImageSet(folder)).toThrow(`${stepsFile} does not exist`);
  mkdirSync(join(folder, "recorded"));
  writeFileSync(stepsFile, "console: screen\ninstall: [{ insert: second.iso }]\n");
  const set = readImageSet(folder);
  expect(set).toMatchObject({
    stepsFile,
    recipe: { size: 2, console: "screen", install: [{ insert: "recorded/second.iso" }] },
  });
  expect(setFiles(folder, set.recipe)).toContainEqual({ path: stepsFile, kind: "steps" });
});
