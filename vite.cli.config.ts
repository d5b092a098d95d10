import { defineConfig } from "vite";
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
          ? { entryFileNames: "tinsmith.mjs", chunkFileNames: "[name]-[hash].mjs" }
          : // Nothing of a command runs before it is used.
            { entryFileNames: "tinsmith.mjs", codeSplitting: false, strictExecutionOrder: true },
    },
  },
}));
