import type { BigIntStats } from "node:fs";
import { lstat, readdir, readlink, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { explainReadError } from "./regular-file.ts";

/** A file or folder of a tree. */
export interface TreeEntry {
  readonly path: string;
  /** Relative to the tree's root, with a slash before each part; empty for the root itself. */
  readonly name: string;
  readonly kind: "folder" | "file" | "program" | "link" | "special file";
  /** Permission bits, such as 0o644. */
  readonly mode: number;
  /** Bytes. */
  readonly size: number;
  /** The path in a link. */
  readonly target?: string;
  /** Changes whenever the file, or its content, is replaced. */
  readonly stamp: string;
  /** When it was last changed, in milliseconds since the epoch. */
  readonly changed: number;
}

/**
 * Lists files and folders with all of their entries, each folder before its entries, by name. Links at the roots are
 * followed, others are not.
 *
 * @throws AppError `missing-file`, `no-permission`, `usage` for a root; the system's error for what can't be read in
 *   it.
 */
export async function listTrees(paths: readonly string[]): Promise<readonly TreeEntry[]> {
  const entries: TreeEntry[] = [];
  for (const path of paths) {
    const status = await stat(path, { bigint: true }).catch((error) =>
      Promise.reject(explainReadError(path, error)),
    );
    await addTree(entries, path, "", status);
  }
  return entries;
}

async function addTree(entries: TreeEntry[], path: string, name: string, status: BigIntStats): Promise<void> {
  const kind = kindOf(status);
  const target = kind === "link" ? await readlink(path) : undefined;
  entries.push({
    path,
    name,
    kind,
    mode: Number(status.mode & 0o7777n),
    size: Number(status.size),
    ...(target !== undefined && { target }),
    stamp: stampOf(status),
    changed: Number(status.ctimeMs),
  });
  if (kind !== "folder") return;
  for (const child of (await readdir(path)).sort()) {
    const inner = join(path, child);
    await addTree(entries, inner, `${name}/${child}`, await lstat(inner, { bigint: true }));
  }
}

function kindOf(status: BigIntStats): TreeEntry["kind"] {
  if (status.isDirectory()) return "folder";
  if (status.isSymbolicLink()) return "link";
  if (!status.isFile()) return "special file";
  return status.mode & 0o100n ? "program" : "file";
}

/**
 * Tells whether a file is still the same and unchanged, without reading it: its device, inode, size, mode and times.
 * The time of change (ctime) is the system's own: no program can set it back.
 */
export function stampOf({ dev, ino, size, mode, mtimeNs, ctimeNs }: BigIntStats): string {
  return [dev, ino, size, mode, mtimeNs, ctimeNs].join(":");
}

/** The folders in which something changes when trees of these entries do. */
export function foldersOf(entries: readonly TreeEntry[]): readonly string[] {
  return [...new Set(entries.map(({ path, kind }) => (kind === "folder" ? path : dirname(path))))];
}
