import { createHash, type Hash } from "node:crypto";
import { openRegularFile } from "./regular-file.ts";
import { listTrees, type TreeEntry } from "./tree-entries.ts";

/**
 * Bytes that are read and hashed in one piece: half a millisecond in which the thread does nothing else, and 3 ms on a
 * processor without instructions for SHA-256.
 */
const pieceBytes = 1024 ** 2;

/**
 * SHA-256 of a regular file, in hexadecimal. The file is never in memory as a whole.
 *
 * @throws AppError as `openRegularFile` does; the signal's reason when it aborts.
 */
export async function digestFile(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  await addContent(hash, path, signal);
  return hash.digest("hex");
}

/**
 * SHA-256, in hexadecimal, of files and folders: names, contents, and whether a file is executable. Their place and
 * their time of change do not count. A path that is a link counts as what it leads to; a link in a folder counts as
 * the path in it; of pipes, sockets and devices only the name counts.
 *
 * @throws the system's error for what does not exist or can't be read.
 */
export async function digestTrees(paths: readonly string[], signal?: AbortSignal): Promise<string> {
  return await digestEntries(await listTrees(paths), signal);
}

/** The digest of `digestTrees`, for trees that have been listed already. */
export async function digestEntries(entries: readonly TreeEntry[], signal?: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  for (const { kind, name, path, size, target = "" } of entries) {
    const isFile = kind === "file" || kind === "program";
    // Lengths go before what they measure, so that no two trees give the same bytes.
    const length = isFile ? size : Buffer.byteLength(target);
    hash.update(`${kind} ${Buffer.byteLength(name)} ${length}\n${name}${target}`);
    if (isFile) await addContent(hash, path, signal);
  }
  return hash.digest("hex");
}

async function addContent(hash: Hash, path: string, signal?: AbortSignal): Promise<void> {
  await using file = await openRegularFile(path);
  const { size } = await file.stat();
  const piece = Buffer.allocUnsafe(Math.max(1, Math.min(size, pieceBytes)));
  for (;;) {
    signal?.throwIfAborted();
    const { bytesRead } = await file.read(piece, 0, piece.length, null);
    if (bytesRead === 0) return;
    hash.update(piece.subarray(0, bytesRead));
  }
}
