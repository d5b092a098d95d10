import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { cellName, expandMatrix } from "../../shared/matrix/expand-matrix.ts";
import { parseMatrixFile } from "../../shared/matrix/matrix-file.ts";
import { parseRecipe } from "../../shared/recipe/recipe.ts";
import { readYaml } from "../../shared/text/yaml-text.ts";

const page = readFileSync(join(resolve(import.meta.dirname, "../.."), "docs/matrix.md"), "utf8");
const [recipe = "", file = "", workflow = ""] = [...page.matchAll(/```yaml\n(.*?)```/gs)].map(
  ([, text]) => text,
);

test("the matrix that the page shows has the cells that it lists", () => {
  const { matrix } = parseRecipe(recipe);
  const names = matrix ? expandMatrix(matrix).map(cellName) : [];
  expect(names).toEqual([
    ...["machine-release-512", "machine-release-1024", "machine-debug-512", "machine-debug-1024"],
    ...["q35-release-1024", "q35-debug-1024", "debug-4096"],
  ]);
  const listed = [...page.matchAll(/^microcore\/(\S+) /gm)].map(([, name]) => name);
  expect(names).toEqual(expect.arrayContaining(listed));
});

test("the matrix.yaml and the workflow of the page can be read", () => {
  expect(parseMatrixFile(file, "matrix.yaml").sets).toEqual(["microcore", "tinycore"]);
  expect(readYaml(workflow)).toMatchObject({ value: { jobs: { build: { needs: "cells" } } } });
});
