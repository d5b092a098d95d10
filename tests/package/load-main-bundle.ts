import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { execa } from "execa";

/** The bundle's replacement for Electron: any call or property gives the replacement again. */
const nothing = "const nothing = new Proxy(function () {}, { get: () => nothing, apply: () => nothing });";

/**
 * Has Node load the main process's bundle with all that it imports, but for Electron, in place of which it gets an app that never gets ready.
 *
 * @param folder a folder for the module that takes Electron's place
 * @throws when Node can't parse it, or something that it imports is missing
 */
export async function loadMainBundle(bundle: string, folder: string): Promise<void> {
  const imports = readFileSync(bundle, "utf8").matchAll(/\bimport\s*\{([^}]*)\}\s*from\s*["']electron["']/g);
  const names = [...imports].flatMap(([, list = ""]) =>
    list.split(",").map((name) => name.trim().split(/\s+as\s+/)[0]),
  );
  if (names.length === 0) throw new Error(`${bundle} imports nothing of Electron`);
  const electron = join(folder, "electron.mjs");
  writeFileSync(
    electron,
    `${nothing}\nexport { ${names.map((name) => `nothing as ${name}`).join(", ")} };\n`,
  );
  const hook = join(folder, "hook.mjs");
  writeFileSync(
    hook,
    `import { registerHooks } from "node:module";
    const url = ${JSON.stringify(pathToFileURL(electron).href)};
    registerHooks({
      resolve: (name, context, next) => (name === "electron" ? { url, shortCircuit: true } : next(name, context)),
    });\n`,
  );
  await execa(process.execPath, ["--import", hook, bundle], { env: { TINSMITH_HOME: folder } });
}
