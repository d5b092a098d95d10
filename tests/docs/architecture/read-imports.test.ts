import { expect, test } from "vitest";
import { importsIn } from "./read-imports.ts";

test.each([
  'import { a } from "../b/a.ts";',
  'import /* of it */ { a } from /* there */ "../b/a.ts";',
  'export * from "../b/a.ts";',
  "export const a = import(`../b/a.ts`);",
  'export const a = import(/* later */ "../b/a.ts");',
  'export type A = import("../b/a.ts").A;',
  'import a = require("../b/a.ts");',
  'export const a = require("../b/a.ts");',
])("an import is found in: %s", (text) => {
  expect(importsIn("core/c/c.ts", text)).toEqual(["core/b/a.ts"]);
});

test("an import whose file a value decides is one of its folder", () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is a source.
  expect(importsIn("core/c/c.ts", "export const load = (a: string) => import(`../b/${a}.ts`);")).toEqual([
    "core/b/",
  ]);
});

test("words about imports, and packages, are not imports of files", () => {
  expect(
    importsIn("core/c/c.ts", '// import "../b/a.ts"\nimport "vite";\nexport const a = \'from "./b"\';'),
  ).toEqual([]);
});
