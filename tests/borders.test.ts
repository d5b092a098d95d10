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

/** The verdict of a gate on the project while a file with this text is in it. */
async function judge(gate: string[], path: string, text: string): Promise<{ passed: boolean; said: string }> {
  plant(path, text);
  const [program = "", ...args] = gate;
  const result = await execa(join(project, "node_modules/.bin", program), args, {
    cwd: copy,
    reject: false,
    all: true,
  });
  rmSync(join(copy, path));
  return { passed: result.exitCode === 0, said: result.all };
}

const importOf = (module: string) => `import * as planted from "${module}";\n\nexport const use = planted;\n`;
const lint = ["biome", "lint", "--error-on-warnings"];
const types = ["tsc", "-b"];

test.each([
  ["core may use shared", "core/planted.ts", importOf("../shared/honest.ts")],
  ["core may use Node", "core/planted.ts", importOf("node:fs")],
  ["cli may use core", "cli/planted.ts", importOf("../core/honest.ts")],
  ["electron may use core", "electron/planted.ts", importOf("../core/honest.ts")],
  ["electron may use Electron", "electron/planted.ts", importOf("electron")],
  ["the renderer may use shared", "renderer/planted.ts", importOf("../shared/honest.ts")],
  ["the renderer may use a browser", "renderer/planted.ts", "export const title = document.title;\n"],
  ["cli may use shared", "cli/planted.ts", importOf("../shared/honest.ts")],
])("%s", async (_rule, path, text) => {
  expect(await judge(lint, path, text)).toMatchObject({ passed: true });
  expect(await judge(types, path, text)).toMatchObject({ passed: true });
});

test.each([
  ["shared must not use core", "shared/planted.ts", "../core/honest.ts", "noRestrictedImports"],
  ["shared must not use cli", "shared/planted.ts", "../cli/honest.ts", "noRestrictedImports"],
  ["shared must not use Node", "shared/planted.ts", "node:fs", "noNodejsModules"],
  ["shared must not use Electron", "shared/planted.ts", "electron", "noRestrictedImports"],
  ["core must not use cli", "core/planted.ts", "../cli/honest.ts", "noRestrictedImports"],
  [
    "core must not use cli from a folder below",
    "core/below/planted.ts",
    "../../cli/honest.ts",
    "noRestrictedImports",
  ],
  ["core must not use Electron", "core/planted.ts", "electron", "noRestrictedImports"],
  ["core must not use the renderer", "core/planted.ts", "../renderer/honest.ts", "noRestrictedImports"],
  ["shared must not use the renderer", "shared/planted.ts", "../renderer/honest.ts", "noRestrictedImports"],
  ["the renderer must not use core", "renderer/planted.ts", "../core/honest.ts", "noRestrictedImports"],
  ["the renderer must not use cli", "renderer/planted.ts", "../cli/honest.ts", "noRestrictedImports"],
  ["the renderer must not use Node", "renderer/planted.ts", "node:fs", "noNodejsModules"],
  ["the renderer must not use Electron", "renderer/planted.ts", "electron", "noRestrictedImports"],
  ["cli must not use Electron", "cli/planted.ts", "electron", "noRestrictedImports"],
  ["core must not use electron/", "core/planted.ts", "../electron/honest.ts", "noRestrictedImports"],
  ["cli must not use electron/", "cli/planted.ts", "../electron/honest.ts", "noRestrictedImports"],
  ["electron must not use cli", "electron/planted.ts", "../cli/honest.ts", "noRestrictedImports"],
  [
    "electron must not use the renderer",
    "electron/planted.ts",
    "../renderer/honest.ts",
    "noRestrictedImports",
  ],
  ["the preload script must not use core", "electron/preload.ts", "../core/honest.ts", "noRestrictedImports"],
  ["the preload script must not use Node", "electron/preload.ts", "node:fs", "noNodejsModules"],
])("the linter says: %s", async (_rule, path, module, name) => {
  const verdict = await judge(lint, path, importOf(module));
  expect(verdict.passed).toBe(false);
  expect(verdict.said).toContain(name);
});

test.each([
  ["shared does not see core", "shared/planted.ts", importOf("../core/honest.ts"), "TS6307"],
  ["shared does not see cli", "shared/planted.ts", importOf("../cli/honest.ts"), "TS6307"],
  ["shared does not see Node", "shared/planted.ts", importOf("node:fs"), "TS2591"],
  ["shared does not see a browser", "shared/planted.ts", "export const title = document.title;\n", "TS2584"],
  ["the renderer does not see core", "renderer/planted.ts", importOf("../core/honest.ts"), "TS6307"],
  ["the renderer does not see Node", "renderer/planted.ts", importOf("node:fs"), "TS2591"],
  ["core does not see cli", "core/planted.ts", importOf("../cli/honest.ts"), "TS6307"],
  ["core does not see electron/", "core/planted.ts", importOf("../electron/honest.ts"), "TS6307"],
  ["electron does not see cli", "electron/planted.ts", importOf("../cli/honest.ts"), "TS6307"],
  ["core does not see a browser", "core/planted.ts", "export const title = document.title;\n", "TS2584"],
])("the compiler says: %s", async (_rule, path, text, diagnostic) => {
  const verdict = await judge(types, path, text);
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
  const verdict = await judge(lint, path, text);
  expect(verdict.passed).toBe(false);
  expect(verdict.said).toContain(name);
});

test("the linter says: no import cycles", async () => {
  plant("core/first.ts", 'import { second } from "./planted.ts";\n\nexport const first = () => second;\n');
  const text = 'import { first } from "./first.ts";\n\nexport const second = () => first;\n';
  const verdict = await judge(lint, "core/planted.ts", text);
  rmSync(join(copy, "core/first.ts"));
  expect(verdict.said).toContain("noImportCycles");
  expect(verdict.passed).toBe(false);
});

test("knip finds a file that nobody uses", async () => {
  const verdict = await judge(
    ["knip", "--include", "files"],
    "core/planted.ts",
    "export const unused = 1;\n",
  );
  expect(verdict.passed).toBe(false);
  expect(verdict.said).toContain("core/planted.ts");
});
