import { defineConfig } from "vite";
import { collectLicenses } from "./vite.licenses.ts";

/** The CLI in one file, for Node and for Electron's utility processes; packages with files of their own stay outside. */
export default defineConfig({
  plugins: [collectLicenses("cli")],
  resolve: { conditions: ["node"] },
  ssr: { noExternal: true, external: ["keysym", "koffi", "lz4-napi", "node-pty"] },
  build: {
    ssr: true,
    outDir: "dist/cli",
    target: "node22",
    rolldownOptions: {
      input: "cli/main.ts",
      output: { entryFileNames: "tinsmith.mjs", codeSplitting: false },
    },
  },
});
