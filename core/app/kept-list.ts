import { statSync } from "node:fs";
import type { KeptCheckpoint } from "../../shared/checkpoint/checkpoint.ts";
import { listKept } from "../states/kept-checkpoints.ts";
import { cacheEntriesFolder, type Paths } from "../storage/paths.ts";

/**
 * Lists the kept checkpoints. Their files are read again only after one was kept or deleted, which changes their folder's
 * time: windows ask each second, and each checkpoint has files whose sizes are added up.
 */
export function createKeptList(paths: Paths): () => Promise<KeptCheckpoint[]> {
  const folder = cacheEntriesFolder(paths, "checkpoint");
  let known: { readonly changed: number | undefined; readonly kept: KeptCheckpoint[] } | undefined;
  return async () => {
    const changed = statSync(folder, { throwIfNoEntry: false })?.ctimeMs;
    if (known?.changed !== changed || !known) known = { changed, kept: await listKept(paths) };
    return known.kept;
  };
}
