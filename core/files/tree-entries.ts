import type { BigIntStats } from "node:fs";
import { lstat, readdir, readlink, realpath, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { explainReadError, openRegularFile } from "./regular-file.ts";

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

/** The most files and folders that are listed behind a link: it may lead to a whole disk. */
const mostBehindLink = 10_000;

/**
 * Lists as `listTrees` does, and after each link also what it leads to outside of the trees, under the link's name: each
 * such file or folder once, so that links in a circle end. A link to nothing, to more files than are listed, or to a folder
 * that can't be read stands for itself; so does a file behind a link that can't be read.
 *
 * @throws AppError and the system's error as `listTrees` does
 */
export async function listLinkedTrees(paths: readonly string[]): Promise<readonly TreeEntry[]> {
  const entries = await listTrees(paths);
  const real = paths.map((path) => realpath(path).catch(() => path));
  return await addLinked(entries, await Promise.all(real));
}

/** @param listed the real paths of what is listed, to which more are added */
async function addLinked(entries: readonly TreeEntry[], listed: string[]): Promise<readonly TreeEntry[]> {
  const all: TreeEntry[] = [];
  for (const entry of entries) {
    all.push(entry);
    if (entry.kind !== "link") continue;
    const path = await realpath(entry.path).catch(() => undefined);
    if (path === undefined || listed.some((one) => path === one || path.startsWith(join(one, "/")))) continue;
    const behind = await listBehind(path, entry.name).catch(() => undefined);
    if (!behind) continue;
    listed.push(path);
    all.push(...(await addLinked(behind, listed)));
  }
  return all;
}

async function listBehind(path: string, name: string): Promise<readonly TreeEntry[]> {
  const entries: TreeEntry[] = [];
  await addTree(entries, path, name, await stat(path, { bigint: true }), mostBehindLink);
  const checked: TreeEntry[] = [];
  for (const entry of entries)
    checked.push((await isReadable(entry)) ? entry : { ...entry, kind: "special file" });
  return checked;
}

/** Whether a file can be read: all that is not a file can. */
async function isReadable({ kind, path }: TreeEntry): Promise<boolean> {
  if (kind !== "file" && kind !== "program") return true;
  const file = await openRegularFile(path).catch(() => undefined);
  await file?.close();
  return file !== undefined;
}

/** @throws RangeError when there are more entries than `most` */
async function addTree(
  entries: TreeEntry[],
  path: string,
  name: string,
  status: BigIntStats,
  most = Number.POSITIVE_INFINITY,
): Promise<void> {
  if (entries.length >= most) throw new RangeError(`there are more than ${most} entries`);
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
    await addTree(entries, inner, `${name}/${child}`, await lstat(inner, { bigint: true }), most);
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
