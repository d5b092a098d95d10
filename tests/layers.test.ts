import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { expect, test } from "vitest";
import { importsIn, sourceFiles } from "./docs/architecture/read-architecture.ts";
import { findUpwardImports, layerFolders, levelOf } from "./layers.ts";

const project = resolve(import.meta.dirname, "..");
/** Source files in a folder, without tests and styles. */
const mostFiles = 15;

const files = sourceFiles();
const inCore = files.filter((file) => file.startsWith("core/"));

/** The imports of all files of core/, and of one more that has this text. */
function importsOfCore(planted?: { readonly file: string; readonly text: string }) {
  const imports = new Map(
    inCore.map((file) => [file, importsIn(file, readFileSync(join(project, file), "utf8"))]),
  );
  if (planted) imports.set(planted.file, importsIn(planted.file, planted.text));
  return imports;
}

function crowdedFolders(files: readonly string[]): readonly string[] {
  return [...Map.groupBy(files, dirname)]
    .filter(([, { length }]) => length > mostFiles)
    .map(([folder, { length }]) => `${folder}: ${length}`);
}

test("each file of core/ is in a layer, and each layer has files", () => {
  expect(inCore.filter((file) => levelOf(file) < 0)).toEqual([]);
  expect(layerFolders.filter((folder) => !inCore.some((file) => dirname(file) === folder))).toEqual([]);
});

test("no file of core/ imports one of a higher layer", () => {
  expect(findUpwardImports(importsOfCore())).toEqual([]);
});

test.each(layerFolders.slice(1).map((higher, index) => ({ lower: layerFolders[index] ?? "", higher })))(
  "a file in $lower that imports one in $higher is found",
  ({ lower, higher }) => {
    const file = `${lower}/planted.ts`;
    const text = `import { planted } from "${"../".repeat(lower.split("/").length)}${higher}/high.ts";\n`;
    expect(findUpwardImports(importsOfCore({ file, text }))).toEqual([
      { file, imports: `${higher}/high.ts` },
    ]);
  },
);

test("no folder has more source files than a person takes in at a glance", () => {
  expect(crowdedFolders(files)).toEqual([]);
  const many = Array.from({ length: mostFiles + 1 }, (_, number) => `core/time/planted-${number}.ts`);
  expect(crowdedFolders(many)).toEqual(["core/time: 16"]);
});
