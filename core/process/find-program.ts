import { accessSync, constants, statSync } from "node:fs";
import { delimiter, resolve } from "node:path";

/**
 * Finds the file of a program: one with a slash is a path, others are looked for on the PATH.
 *
 * @param folder where a relative path starts.
 */
export function findProgram(program: string, folder = process.cwd()): string | undefined {
  const folders = program.includes("/") ? [folder] : (process.env.PATH ?? "").split(delimiter);
  return folders.map((one) => resolve(one, program)).find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
