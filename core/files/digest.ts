import type { Hash } from "node:crypto";
import { type LongWork, readPieces } from "./read-pieces.ts";
import { openRegularFile } from "./regular-file.ts";
import { listLinkedTrees, type TreeEntry } from "./tree-entries.ts";

/** Takes the SHA-256 of what is on disk, in hexadecimal, as `digestTrees` and `digestFile` do. */
export interface Digests {
  trees(paths: readonly string[]): Promise<string>;
  file(path: string): Promise<string>;
}

/** Digests for which everything is read. */
export function plainDigests(signal?: AbortSignal): Digests {
  return {
    trees: (paths) => digestTrees(paths, signal),
    file: (path) => digestFile(path, { signal }),
  };
}

/** SHA-256 of a text or of bytes, in hexadecimal. */
export function digestText(text: string | Uint8Array): string {
  return newHash().update(text).digest("hex");
}

/**
 * SHA-256 of a regular file, in hexadecimal. The file is never in memory as a whole.
 *
 * @throws AppError as `openRegularFile` does; the signal's reason when it aborts.
 */
export async function digestFile(path: string, work?: LongWork): Promise<string> {
  const hash = newHash();
  await addContent(hash, path, work);
  return hash.digest("hex");
}

/**
 * SHA-256, in hexadecimal, of files and folders: names, contents, and whether a file is executable. Their place and
 * their time of change do not count. A path that is a link counts as what it leads to; a link in a folder counts as
 * the path in it and what it leads to, see `listLinkedTrees`; of pipes, sockets and devices only the name counts.
 *
 * @throws the system's error for what does not exist or can't be read.
 */
export async function digestTrees(paths: readonly string[], signal?: AbortSignal): Promise<string> {
  return await digestEntries(await listLinkedTrees(paths), signal);
}

/** The digest of `digestTrees`, for trees that have been listed already. */
export async function digestEntries(entries: readonly TreeEntry[], signal?: AbortSignal): Promise<string> {
  const hash = newHash();
  for (const { kind, name, path, size, target = "" } of entries) {
    const isFile = kind === "file" || kind === "program";
    // Lengths precede the data that they measure, so that no two trees give the same bytes.
    const length = isFile ? size : Buffer.byteLength(target);
    hash.update(`${kind} ${Buffer.byteLength(name)} ${length}\n${name}${target}`);
    if (isFile) await addContent(hash, path, { signal });
  }
  return hash.digest("hex");
}

/** The module is loaded at the first use: it takes 5 ms, and most commands take no digest. */
function newHash(): Hash {
  return process.getBuiltinModule("node:crypto").createHash("sha256");
}

async function addContent(hash: Hash, path: string, work?: LongWork): Promise<void> {
  await using file = await openRegularFile(path);
  for await (const piece of readPieces(file, work)) hash.update(piece);
}
