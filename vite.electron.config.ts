import { readFileSync } from "node:fs";
import { defineConfig } from "vite";
import { collectLicenses } from "./vite.licenses.ts";

/** The main process and the preload script of the desktop app; a sandboxed preload script has to be CommonJS. */
export default defineConfig({
  plugins: [
    { ...collectLicenses("desktop"), applyToEnvironment: ({ name }) => name === "main" },
    {
      name: "tinsmith-icon",
      applyToEnvironment: ({ name }) => name === "main",
      generateBundle() {
        const source = readFileSync("packaging/icons/256x256.png");
        this.emitFile({ type: "asset", fileName: "icon.png", source });
      },
    },
  ],
  environments: {
    main: {
      resolve: { noExternal: true, external: ["electron", "lz4-napi", "node-pty"], conditions: ["node"] },
      build: {
        outDir: "dist/electron",
        emptyOutDir: false,
        ssr: true,
        target: "node24",
        minify: true,
        rolldownOptions: { input: "electron/main.ts", output: { entryFileNames: "main.mjs", format: "es" } },
      },
    },
    preload: {
      consumer: "client",
      build: {
        outDir: "dist/electron",
        emptyOutDir: false,
        target: "node24",
        minify: true,
        rolldownOptions: {
          external: ["electron"],
          input: "electron/preload.ts",
          output: { entryFileNames: "preload.cjs", format: "cjs" },
        },
      },
    },
  },
  builder: {
    buildApp: async (builder) => {
      for (const name of ["main", "preload"] as const) {
        const environment = builder.environments[name];
        if (environment) await builder.build(environment);
      }
    },
  },
});
