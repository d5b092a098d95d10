import { registerHooks } from "node:module";

// Loaded before a bundle of the app's (node --import): it then finds this stand-in where it asks for Electron.
const standIn = new URL("electron.ts", import.meta.url).href;

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === "electron"
      ? { url: standIn, format: "module-typescript", shortCircuit: true }
      : next(specifier, context),
});
