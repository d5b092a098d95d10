import { createHash, type Hash } from "node:crypto";
import { createReadStream, lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";

/** SHA-256 of a file, in hexadecimal. */
export async function digestFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}

/**
 * SHA-256, in hexadecimal, of small files and folders: names, contents, and whether a file is executable.
 * Where they are and when they were changed does not count.
 */
export function digestTrees(paths: readonly string[]): string {
  const hash = createHash("sha256");
  for (const path of paths) addTree(hash, path, "");
  return hash.digest("hex");
}

function addTree(hash: Hash, path: string, name: string): void {
  const status = lstatSync(path);
  if (status.isDirectory()) {
    addEntry(hash, "folder", name, "");
    for (const child of readdirSync(path).sort()) addTree(hash, join(path, child), `${name}/${child}`);
  } else if (status.isSymbolicLink()) addEntry(hash, "link", name, readlinkSync(path));
  else addEntry(hash, status.mode & 0o100 ? "program" : "file", name, readFileSync(path));
}

/** Lengths go before what they measure, so that no two trees give the same bytes. */
function addEntry(hash: Hash, kind: string, name: string, content: string | Buffer): void {
  hash.update(`${kind} ${Buffer.byteLength(name)} ${Buffer.byteLength(content)}\n${name}`).update(content);
}
