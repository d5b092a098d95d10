import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";

// The gates are run for real on a small project with the same rules, in which each forbidden import is planted.

const project = resolve(import.meta.dirname, "..");
const folders = ["shared", "core", "cli", "electron", "renderer", "scripts", "tests", "bench"];
let copy: string;

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), "tinsmith-borders-"));
  const rules = [
    "biome.json",
    "tsconfig.json",
    "tsconfig.base.json",
    "knip.json",
    "package.json",
    ".gitignore",
  ];
  for (const file of rules) copyFileSync(join(project, file), join(copy, file));
  symlinkSync(join(project, "node_modules"), join(copy, "node_modules"));
  for (const folder of folders) {
    mkdirSync(join(copy, folder));
    copyFileSync(join(project, folder, "tsconfig.json"), join(copy, folder, "tsconfig.json"));
    plant(`${folder}/honest.ts`, "export const honest = true;\n");
  }
  cpSync(join(project, "vitest.config.ts"), join(copy, "vitest.config.ts"));
});

afterAll(() => rmSync(copy, { recursive: true }));

function plant(path: string, text: string): void {
  mkdirSync(dirname(join(copy, path)), { recursive: true });
  writeFileSync(join(copy, path), text);
}

/** A file that a gate is asked about. */
interface Planted {
  readonly path: string;
  readonly text: string;
}

/** The verdict of a gate on the project while these files are in it. */
async function judge(
  [program = "", ...args]: readonly string[],
  ...files: readonly Planted[]
): Promise<{ passed: boolean; said: string }> {
  for (const { path, text } of files) plant(path, text);
  const { exitCode, all } = await execa(join(project, "node_modules/.bin", program), args, {
    cwd: copy,
    reject: false,
    all: true,
  });
  for (const { path } of files) rmSync(join(copy, path), { force: true });
  return { passed: exitCode === 0, said: all };
}

/** Judges all files at once, when the first verdict is wanted: a gate takes as long for one as for all. */
function judgeAll(gate: readonly string[], files: readonly Planted[]) {
  let verdict: ReturnType<typeof judge> | undefined;
  return {
    /** The lines in which the gate names a file. */
    of: async (path: string) => {
      verdict ??= judge(gate, ...files);
      const { passed, said } = await verdict;
      const about = said.split("\n").filter((line) => line.includes(path));
      return { passed, said: about.join("\n") };
    },
  };
}

const importOf = (module: string) => `import * as planted from "${module}";\n\nexport const use = planted;\n`;
const lint = ["biome", "lint", "--error-on-warnings", "--reporter=concise", "--max-diagnostics=none"];
const types = ["tsc", "-b", "--pretty", "false"];

/** Gives each file a name of its own. */
const planted = <Rest extends readonly unknown[]>(
  rows: readonly (readonly [rule: string, folder: string, text: string, ...Rest])[],
) =>
  rows.map(([rule, folder, text, ...rest], index) => {
    const path = folder.endsWith(".ts") ? folder : `${folder}/planted-${index}.ts`;
    return { rule, path, text, rest };
  });

const allowed = planted([
  ["core may use shared", "core", importOf("../shared/honest.ts")],
  ["core may use Node", "core", importOf("node:fs")],
  ["cli may use core", "cli", importOf("../core/honest.ts")],
  ["electron may use core", "electron", importOf("../core/honest.ts")],
  ["electron may use Electron", "electron", importOf("electron")],
  ["the renderer may use shared", "renderer", importOf("../shared/honest.ts")],
  ["the renderer may use a browser", "renderer", "export const title = document.title;\n"],
  ["cli may use shared", "cli", importOf("../shared/honest.ts")],
]);

const allowing = [judgeAll(lint, allowed), judgeAll(types, allowed)];

test.each(allowed)("$rule", async ({ path }) => {
  for (const gate of allowing) expect(await gate.of(path)).toEqual({ passed: true, said: "" });
});

/** The rules know it by its name. */
const preloadScript = `${importOf("../core/honest.ts")}${importOf("node:fs").replaceAll(/planted|use/g, "$&Too")}`;
const refusedByLinter = planted([
  ["shared must not use core", "shared", importOf("../core/honest.ts"), "noRestrictedImports"],
  ["shared must not use cli", "shared", importOf("../cli/honest.ts"), "noRestrictedImports"],
  ["shared must not use Node", "shared", importOf("node:fs"), "noNodejsModules"],
  ["shared must not use Electron", "shared", importOf("electron"), "noRestrictedImports"],
  ["core must not use cli", "core", importOf("../cli/honest.ts"), "noRestrictedImports"],
  [
    "core must not use cli from a folder below",
    "core/below",
    importOf("../../cli/honest.ts"),
    "noRestrictedImports",
  ],
  ["core must not use Electron", "core", importOf("electron"), "noRestrictedImports"],
  ["core must not use the renderer", "core", importOf("../renderer/honest.ts"), "noRestrictedImports"],
  ["shared must not use the renderer", "shared", importOf("../renderer/honest.ts"), "noRestrictedImports"],
  ["the renderer must not use core", "renderer", importOf("../core/honest.ts"), "noRestrictedImports"],
  ["the renderer must not use cli", "renderer", importOf("../cli/honest.ts"), "noRestrictedImports"],
  ["the renderer must not use Node", "renderer", importOf("node:fs"), "noNodejsModules"],
  ["the renderer must not use Electron", "renderer", importOf("electron"), "noRestrictedImports"],
  ["cli must not use Electron", "cli", importOf("electron"), "noRestrictedImports"],
  ["core must not use electron/", "core", importOf("../electron/honest.ts"), "noRestrictedImports"],
  ["cli must not use electron/", "cli", importOf("../electron/honest.ts"), "noRestrictedImports"],
  ["electron must not use cli", "electron", importOf("../cli/honest.ts"), "noRestrictedImports"],
  [
    "electron must not use the renderer",
    "electron",
    importOf("../renderer/honest.ts"),
    "noRestrictedImports",
  ],
  ["the preload script must not use core", "electron/preload.ts", preloadScript, "noRestrictedImports"],
  ["the preload script must not use Node", "electron/preload.ts", preloadScript, "noNodejsModules"],
]);
const linted = judgeAll(lint, refusedByLinter);

test.each(refusedByLinter)("the linter says: $rule", async ({ path, rest: [name] }) => {
  const verdict = await linted.of(path);
  expect(verdict.passed).toBe(false);
  expect(verdict.said).toContain(name);
});

const refusedByCompiler = planted([
  ["shared does not see core", "shared", importOf("../core/honest.ts"), "TS6307"],
  ["shared does not see cli", "shared", importOf("../cli/honest.ts"), "TS6307"],
  ["shared does not see Node", "shared", importOf("node:fs"), "TS2591"],
  ["shared does not see a browser", "shared", "export const title = document.title;\n", "TS2584"],
  ["the renderer does not see core", "renderer", importOf("../core/honest.ts"), "TS6307"],
  ["the renderer does not see Node", "renderer", importOf("node:fs"), "TS2591"],
  ["core does not see cli", "core", importOf("../cli/honest.ts"), "TS6307"],
  ["core does not see electron/", "core", importOf("../electron/honest.ts"), "TS6307"],
  ["electron does not see cli", "electron", importOf("../cli/honest.ts"), "TS6307"],
  ["core does not see a browser", "core", "export const title = document.title;\n", "TS2584"],
]);
const compiled = judgeAll(types, refusedByCompiler);

test.each(refusedByCompiler)("the compiler says: $rule", async ({ path, rest: [diagnostic] }) => {
  const verdict = await compiled.of(path);
  expect(verdict.passed).toBe(false);
  expect(verdict.said).toContain(diagnostic);
});

test.each([
  [
    "core/metaservice/planted.ts",
    "export const wait = () => setTimeout(() => {}, 1);\n",
    "noRestrictedGlobals",
  ],
  ["core/runner/planted.ts", "export const wait = () => setInterval(() => {}, 1);\n", "noRestrictedGlobals"],
  ["core/metaservice/planted.ts", importOf("node:timers/promises"), "noRestrictedImports"],
])("the linter says: what waits for a guest counts on the guest's clock (%s)", async (path, text, name) => {
  const verdict = await judge(lint, { path, text });
  expect(verdict.passed).toBe(false);
  expect(verdict.said).toContain(name);
});

test("the linter says: no import cycles", async () => {
  plant("core/first.ts", 'import { second } from "./planted.ts";\n\nexport const first = () => second;\n');
  const text = 'import { first } from "./first.ts";\n\nexport const second = () => first;\n';
  const verdict = await judge(lint, { path: "core/planted.ts", text });
  rmSync(join(copy, "core/first.ts"));
  expect(verdict.said).toContain("noImportCycles");
  expect(verdict.passed).toBe(false);
});

test("knip finds a file that nobody uses", async () => {
  const verdict = await judge(["knip", "--include", "files"], {
    path: "core/planted.ts",
    text: "export const unused = 1;\n",
  });
  expect(verdict.passed).toBe(false);
  expect(verdict.said).toContain("core/planted.ts");
});
