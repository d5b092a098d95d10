import { join } from "node:path";
import { defineConfig, type Rolldown } from "vite";
import { collectLicenses } from "./vite.licenses.ts";

/**
 * The CLI, for Node and for Electron's utility processes; packages with files of their own stay outside. It is one file,
 * and in the mode `checkout` several, of which a command loads those that it needs.
 */
export default defineConfig(({ mode }) => ({
  plugins: mode === "checkout" ? [] : [collectLicenses("cli")],
  resolve: { conditions: ["node"] },
  ssr: { noExternal: true, external: ["keysym", "koffi", "lz4-napi", "node-pty"] },
  build: {
    ssr: true,
    outDir: "dist/cli",
    target: "node22",
    rolldownOptions: {
      input: "cli/main.ts",
      output:
        mode === "checkout"
          ? {
              // Node starts CommonJS in less time: it links no modules, and loads less of its own code.
              format: "cjs",
              entryFileNames: "tinsmith.cjs",
              chunkFileNames: "[name]-[hash].cjs",
              codeSplitting: { groups: [programGroup()], includeDependenciesRecursively: false },
            }
          : // Nothing of a command runs before it is used.
            { entryFileNames: "tinsmith.mjs", codeSplitting: false, strictExecutionOrder: true },
    },
  },
}));

/** One file for everything that each command loads, since each further file takes time to open. */
function programGroup(): Rolldown.CodeSplittingGroup {
  let modules: ReadonlySet<string> | undefined;
  return {
    debugName: "program",
    name: (id, context) => {
      const imports = (entry: string) => staticImports(join(import.meta.dirname, entry), context);
      // The version is printed without the program.
      modules ??= imports("cli/program.ts").difference(imports("cli/main.ts"));
      return modules.has(id) ? "program" : null;
    },
  };
}

/** A module and those that it imports, and so on, but for dynamic imports. */
function staticImports(entry: string, context: Rolldown.ChunkingContext): Set<string> {
  const found = new Set([entry]);
  for (const id of found) for (const one of context.getModuleInfo(id)?.importedIds ?? []) found.add(one);
  return found;
}
