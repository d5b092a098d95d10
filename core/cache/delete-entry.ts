import { randomUUID } from "node:crypto";
import { existsSync, readdirSync, renameSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder } from "../files/folders.ts";
import { lockFolder } from "../files/locks/file-lock.ts";
import { deletedEntries, type Paths } from "../storage/paths.ts";

/** Something in the cache on the disk. */
export interface OnDisk {
  /** All of its files and folders, some of which may be missing. */
  readonly parts: readonly string[];
  /** The file or folder that its users lock. */
  readonly locked: string;
}

/** Deletes something, whole and at once, unless a process holds a lock on it. @returns whether it is gone */
export async function deleteUnlessUsed(paths: Paths, { parts, locked }: OnDisk): Promise<boolean> {
  const trash = deletedEntries(paths);
  // Also on a full disk, which needs it most: a folder takes no block of its own on most file systems.
  makeFolder(trash, { mode: 0o700 });
  {
    using alone = lockFolder(locked, "exclusive");
    if (!alone) return !existsSync(locked);
    for (const part of parts) if (existsSync(part)) renameSync(part, join(trash, randomUUID()));
  }
  await emptyTrash(trash);
  return true;
}

/** Deletes the content of the folder, also that of an earlier process that was killed meanwhile. */
async function emptyTrash(trash: string): Promise<void> {
  // Another process that empties it, or the next one, deletes the rest.
  for (const name of readdirSync(trash))
    await rm(join(trash, name), { recursive: true, force: true }).catch(() => {});
}
