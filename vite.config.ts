import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { collectLicenses } from "./vite.licenses.ts";

export default defineConfig({
  root: "renderer",
  base: "./",
  plugins: [react(), collectLicenses("renderer")],
  build: {
    outDir: "../dist/renderer",
    emptyOutDir: true,
    target: "es2024",
    chunkSizeWarningLimit: 1_500,
    // The first view is loaded from one file, instead of from sixty small ones.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: "window", tags: ["$initial"] }] } } },
  },
});
