import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { drawArchitecture } from "./architecture/draw-architecture.ts";
import { readArchitecture } from "./architecture/read-architecture.ts";

// docs/pictures/architecture.svg is made here: UPDATE_DOCS=1 npx vitest run --project unit tests/docs/architecture.test.ts

const project = resolve(import.meta.dirname, "../..");
const picture = join(project, "docs/pictures/architecture.svg");

/** The content of a picture, without the numbers of files, which change with each file. */
function shown(svg: string) {
  const all = (pattern: RegExp) => [...svg.matchAll(pattern)].map(([, name]) => name).sort();
  return { folders: all(/data-folder="([^"]+)"/g), imports: all(/data-import="([^"]+)"/g) };
}

test("the picture of the architecture has the folders and the imports that there are", () => {
  const guestFiles = globSync("guest/**/*.go", { cwd: project }).filter((file) => !file.endsWith("_test.go"));
  const architecture = readArchitecture();
  const drawn = drawArchitecture(architecture, { files: guestFiles.length });
  if (process.env.UPDATE_DOCS) writeFileSync(picture, drawn);
  expect(shown(readFileSync(picture, "utf8")), "draw it anew: see this test's first lines").toEqual(
    shown(drawn),
  );
  expect(shown(drawn).folders).toEqual(
    architecture.topFolders.flatMap(({ folders }) => folders.map(({ name }) => name)).sort(),
  );
});

test("the page on architecture tells of each folder, and of each of core's", () => {
  const page = readFileSync(join(project, "docs/architecture.md"), "utf8");
  const { topFolders } = readArchitecture();
  const folders = topFolders.filter(({ name }) => name === "core").flatMap(({ folders }) => folders);
  const names = [...topFolders, ...folders].map(({ name }) => `| \`${name}/\` |`);
  expect(names.filter((name) => !page.includes(name))).toEqual([]);
});

test("nobody imports against the order of the top-level folders", () => {
  const pairs = readArchitecture().between.map(({ from, to }) => `${from} ${to}`);
  expect(pairs.filter((pair) => !/^\w+ shared$|^(cli|electron) core$/.test(pair))).toEqual([]);
});
