import { readFileSync } from "node:fs";
import { defineConfig } from "vite";
import { collectLicenses } from "./vite.licenses.ts";

/** Of the window and the tray, in pixels; Electron takes the one for the screen by its name. */
const icons = [
  ["icon.png", 256],
  ["tray.png", 16],
  ["tray@2x.png", 32],
] as const;

/** The main process and the preload script of the desktop app; a sandboxed preload script has to be CommonJS. */
export default defineConfig({
  plugins: [
    { ...collectLicenses("desktop"), applyToEnvironment: ({ name }) => name === "main" },
    {
      name: "tinsmith-icons",
      applyToEnvironment: ({ name }) => name === "main",
      generateBundle() {
        for (const [fileName, size] of icons)
          this.emitFile({
            type: "asset",
            fileName,
            source: readFileSync(`packaging/icons/${size}x${size}.png`),
          });
      },
    },
  ],
  environments: {
    main: {
      resolve: {
        noExternal: true,
        external: ["electron", "keysym", "koffi", "lz4-napi", "node-pty"],
        conditions: ["node"],
      },
      build: {
        outDir: "dist/electron",
        emptyOutDir: false,
        ssr: true,
        target: "node24",
        minify: true,
        rolldownOptions: {
          input: "electron/main.ts",
          output: { entryFileNames: "main.mjs", format: "es", codeSplitting: false },
        },
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
