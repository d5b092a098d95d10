import { globSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readImageSet } from "./image-set.ts";
import { readStepsFile, withSteps } from "./steps-file.ts";

const project = resolve(import.meta.dirname, "../..");

function setIn(steps: string) {
  const folder = mkdtempSync(join(tmpdir(), "ts-steps-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, "recorded"));
  writeFileSync(
    join(folder, "recipe.yaml"),
    "size: 2\ninternet: true\ninstall: [{type: own}]\nconsole: screen\n",
  );
  const file = join(folder, "recorded/a.steps.yaml");
  writeFileSync(file, steps);
  return { set: readImageSet(folder), file };
}

test("the steps of a file take the place of the recipe's; all else of the recipe stays", () => {
  const { set, file } = setIn(
    "note: Tried.\ninstall: [{wait: x}, {insert: second.iso}, {insert: /isos/third.iso}, {region: ok.png}]\n",
  );
  expect(readStepsFile(file).note).toBe("Tried.");
  expect(withSteps(set, file).recipe).toEqual({
    ...set.recipe,
    console: "serial",
    install: [
      { wait: "x" },
      { insert: "recorded/second.iso" },
      { insert: "/isos/third.iso" },
      { region: "recorded/ok.png" },
    ],
  });
  expect(withSteps(set, undefined)).toBe(set);
});

test("a file with more than steps, and one that is missing, are refused", () => {
  const { set, file } = setIn("size: 3\ninstall: [{wiat: x}]\n");
  expect(() => withSteps(set, file)).toThrow(`${file} is not a valid file of install steps`);
  expect(() => withSteps(set, `${file}.missing`)).toThrow(expect.objectContaining({ code: "missing-file" }));
});

test("the steps files that come with Tinsmith are valid, and say that nobody tried them on the genuine ISO", () => {
  const files = globSync("images/*/*.steps.yaml", { cwd: project });
  expect(files.sort()).toEqual(["images/tinycore/core.steps.yaml", "images/tinycore/coreplus.steps.yaml"]);
  for (const file of files)
    expect(readStepsFile(join(project, file)).note).toMatch(/^Not tried on the genuine ISO of /);
});
