import { cpSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { createPackage, extractAll } from "@electron/asar";

const bundles = resolve(import.meta.dirname, "../../../dist/test-electron/dist");

/**
 * Puts the bundles that the test Electron can run into an unpacked app, in place of the shipped ones.
 *
 * @param resources the app's folder of that name
 */
export async function putBundles(resources: string): Promise<void> {
  const archive = join(resources, "app.asar");
  const content = join(resources, "content");
  extractAll(archive, content);
  cpSync(join(bundles, "electron"), join(content, "dist/electron"), { recursive: true });
  cpSync(join(bundles, "cli"), join(resources, "dist/cli"), { recursive: true });
  await createPackage(content, archive);
  rmSync(content, { recursive: true });
}
