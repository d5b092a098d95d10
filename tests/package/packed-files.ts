import { globSync, statSync } from "node:fs";
import { join } from "node:path";

/** The files below a folder, by their relative paths. */
export function listPackedFiles(folder: string): readonly string[] {
  const all = [...globSync("**/*", { cwd: folder }), ...globSync("**/.*", { cwd: folder })];
  return all.filter((file) => statSync(join(folder, file)).isFile()).sort();
}
