import { copyFileSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { build, createBuilder, type Plugin } from "vite";
import { testElectron } from "./differences.ts";

// node tests/shell/test-electron/build-app.ts
// Builds the desktop app's bundles for the test Electron, in dist/test-electron, which is otherwise this checkout.

const project = resolve(import.meta.dirname, "../../..");
const out = join(project, "dist/test-electron");
const { target, missingExports } = testElectron;

rmSync(out, { recursive: true, force: true });
mkdirSync(join(out, "dist"), { recursive: true });
copyFileSync(join(project, "package.json"), join(out, "package.json"));
// Relative, so that they still lead there when the checkout is moved, or mounted elsewhere.
for (const path of ["cli", "guest", "images", "dist/renderer"])
  symlinkSync(relative(dirname(join(out, path)), join(project, path)), join(out, path));

process.chdir(project);
const cliOut = join(out, "dist/cli");
await build({
  configFile: "vite.cli.config.ts",
  logLevel: "warn",
  plugins: [addsWhatIsMissing()],
  build: { outDir: cliOut, target },
});
// Errors then show lines that can be read.
const mainOut = { build: { outDir: join(out, "dist/electron"), target, minify: false } };
const builder = await createBuilder({
  configFile: "vite.electron.config.ts",
  logLevel: "warn",
  plugins: [addsWhatIsMissing()],
  environments: { main: mainOut, preload: mainOut },
});
await builder.buildApp();

/** Makes differences.ts the first module of each bundle that Node runs, and adds the exports that Node's own modules lack. */
function addsWhatIsMissing(): Plugin {
  const prefix = "\0completed-";
  const completed: Readonly<Record<string, Readonly<Record<string, string>>>> = missingExports;
  return {
    name: "tinsmith-test-electron",
    enforce: "pre",
    resolveId: (source, importer) =>
      source in completed && !importer?.startsWith(prefix) ? prefix + source : undefined,
    load: (id) => {
      const name = id.slice(prefix.length);
      if (!id.startsWith(prefix)) return undefined;
      const added = Object.entries(completed[name] ?? {});
      return [
        `import * as builtin from "${name}";`,
        `export * from "${name}";`,
        ...added.map(([exported, expression]) => `export const ${exported} = ${expression};`),
      ].join("\n");
    },
    transform: (code, id) =>
      /\/(cli|electron)\/main\.ts$/.test(id)
        ? `import ${JSON.stringify(join(import.meta.dirname, "differences.ts"))};\n${code}`
        : undefined,
  };
}
