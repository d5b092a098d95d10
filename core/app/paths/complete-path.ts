import { readdirSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { FolderEntry } from "../../../shared/contracts/app-contract.ts";

/** Entries that are shown at once; a person who types more characters sees others. */
const mostEntries = 200;

/**
 * Completions of a path that is being typed: the entries of its folder that begin with its last part. Folders come
 * first. Empty for a folder that can't be read.
 */
export function completePath(typed: string): readonly FolderEntry[] {
  const [, before = "", prefix = ""] = /^(.*\/)?([^/]*)$/s.exec(typed) ?? [];
  const folder = resolve(homedir(), before.replace(/^~\//, `${homedir()}/`));
  return list(folder)
    .filter((name) => name.startsWith(prefix) && (prefix.startsWith(".") || !name.startsWith(".")))
    .map((name) => ({ path: join(folder, name), isFolder: isFolder(join(folder, name)) }))
    .sort((a, b) => Number(b.isFolder) - Number(a.isFolder) || a.path.localeCompare(b.path))
    .slice(0, mostEntries);
}

function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Whether it is a folder, or leads to one. */
function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
