import { globSync, readFileSync } from "node:fs";
import { dirname, extname, join, resolve } from "node:path";
import { expect, test } from "vitest";
import { isOfTests, sourceFiles } from "./docs/architecture/read-architecture.ts";
import { importsIn } from "./docs/architecture/read-imports.ts";
import { findUpwardImports, layerFolders, levelOf } from "./layers.ts";

const project = resolve(import.meta.dirname, "..");
/** Source files in a folder, without tests and styles. */
const mostFiles = 15;
/** Lines of a source or test file. */
const mostLines = 300;

const files = sourceFiles();
const goFiles = globSync("guest/**/*.go", { cwd: project });
const allFiles = [
  ...globSync("{shared,core,cli,electron,renderer,tests,bench,scripts}/**/*.{ts,tsx,css,mjs,cjs}", {
    cwd: project,
  }),
  ...globSync("*.{ts,mjs,cjs}", { cwd: project }),
  ...goFiles,
];
const inCore = files.filter((file) => file.startsWith("core/"));

/** A source that isn't a test and imports what only tests use: no gate looks there. */
function importsOfTests(sources: ReadonlyMap<string, readonly string[]>): readonly string[] {
  return [...sources].flatMap(([file, imports]) =>
    imports.filter(isOfTests).map((target) => `${file}: ${target}`),
  );
}

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

function longFiles(texts: ReadonlyMap<string, string>): readonly string[] {
  return [...texts]
    .map(([file, text]) => ({ file, lines: text.split("\n").length - 1 }))
    .filter(({ lines }) => lines > mostLines)
    .map(({ file, lines }) => `${file}: ${lines}`);
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

test("no source imports what only tests use", () => {
  const planted = new Map([
    ["core/a.ts", ["core/time/test-clock.ts", "core/time/a.test.ts", "core/latest-test.ts"]],
  ]);
  expect(importsOfTests(planted)).toEqual([
    "core/a.ts: core/time/test-clock.ts",
    "core/a.ts: core/time/a.test.ts",
  ]);
  expect(
    importsOfTests(
      new Map(files.map((file) => [file, importsIn(file, readFileSync(join(project, file), "utf8"))])),
    ),
  ).toEqual([]);
});

test("no folder has more source files than a person takes in at a glance", () => {
  expect(crowdedFolders(files)).toEqual([]);
  const many = Array.from({ length: mostFiles + 1 }, (_, number) => `core/time/planted-${number}.ts`);
  expect(crowdedFolders(many)).toEqual(["core/time: 16"]);
  expect(crowdedFolders(goFiles.filter((file) => !file.endsWith("_test.go")))).toEqual([]);
});

test("no file is so long that it has two subjects", () => {
  expect(
    longFiles(new Map(allFiles.map((file) => [file, readFileSync(join(project, file), "utf8")]))),
  ).toEqual([]);
  for (const kind of ["css", "mjs", "cjs"]) expect(allFiles.map(extname)).toContain(`.${kind}`);
  const texts = [300, 301].map((lines) => [`tests/planted-${lines}.ts`, "\n".repeat(lines)] as const);
  expect(longFiles(new Map(texts))).toEqual(["tests/planted-301.ts: 301"]);
});
