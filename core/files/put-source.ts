import { basename } from "node:path";
import { AppError } from "../../shared/errors/errors.ts";
import type { PutEntry, PutSource } from "../../shared/guest/put/put-source.ts";
import { readPieces } from "./read-pieces.ts";
import { openRegularFile, requireRegularFile } from "./regular-file.ts";
import { listTrees, type TreeEntry } from "./tree-entries.ts";

/**
 * Finds what is to be put into a guest of a file or folder on this host; links in a folder stay links.
 *
 * @param path absolute
 * @throws AppError `missing-file`, `no-permission`; `usage` for a special file
 */
export async function findPutSource(path: string): Promise<PutSource> {
  requireRegularFile(path, { kinds: ["file", "folder"] });
  const tree = await listTrees([path]);
  const entries = tree.map(putEntry);
  const kind = tree[0]?.kind === "folder" ? "folder" : "file";
  return { name: basename(path), kind, entries };
}

function putEntry({ path, name, kind, mode, size, target }: TreeEntry): PutEntry {
  if (kind === "special file")
    throw new AppError({
      code: "usage",
      message: `${path} is a device, socket or pipe, which can't be put into a guest`,
      advice: "Remove it from the folder, or put the other files by themselves.",
    });
  const isFile = kind === "file" || kind === "program";
  return {
    path: name.slice(1),
    kind: isFile ? "file" : kind,
    mode,
    size: isFile ? size : 0,
    target,
    read: () => readWhole(path, size),
  };
}

/** @throws AppError `file-changed` when it has another size than before */
async function* readWhole(path: string, size: number): AsyncGenerator<Uint8Array, void, void> {
  await using file = await openRegularFile(path);
  let passed = 0;
  for await (const bytes of readPieces(file)) {
    passed += bytes.length;
    if (passed > size) break;
    // A reader may keep it, and the piece is valid only until the next one.
    yield Uint8Array.from(bytes);
  }
  if (passed !== size)
    throw new AppError({
      code: "file-changed",
      message: `${path} has changed while it was read`,
      advice: "Wait until it is written, then put it again.",
    });
}
