import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { templates } from "../../shared/library/library.ts";
import { createImageSet, isTemplateFile } from "./create-image-set.ts";
import { readImageSet } from "./image-set.ts";

function newWorkspace(): string {
  const workspace = mkdtempSync(join(tmpdir(), "new-set-"));
  onTestFinished(() => rmSync(workspace, { recursive: true }));
  return workspace;
}

test.each(Object.keys(templates) as (keyof typeof templates)[])(
  "a set of the longest name, made from the template %s, is valid",
  (template) => {
    const name = "a".repeat(240);
    expect(readImageSet(createImageSet(newWorkspace(), name, template)).name).toBe(name);
  },
);

test.each(["", ".hidden", "a/b", "a\0", "a".repeat(241), "a".repeat(300)])(
  "the name %j is refused",
  (name) => {
    const workspace = newWorkspace();
    expect(() => createImageSet(workspace, name, "blank")).toThrow(
      expect.objectContaining({ code: "usage", field: "name" }),
    );
    expect(readdirSync(workspace)).toEqual([]);
  },
);

test("archives that were built in a template's folder are not a part of it, nor are their manifests or leftovers", () => {
  const built = [
    "a.tar.lz4",
    "a.tar.zst.manifest.json",
    ".a.tar.lz4.tinsmith-x1",
    ".a.tar.lz4.manifest.json.tinsmith-x1",
  ];
  expect(
    ["/set/recipe.yaml", "/set/machine.json", ...built.map((name) => `/set/${name}`)].filter(isTemplateFile),
  ).toEqual(["/set/recipe.yaml", "/set/machine.json"]);
});
