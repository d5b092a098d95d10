import type { CacheEntry, CacheKind } from "../../shared/cache/cache.ts";
import type { Paths } from "../storage/paths.ts";
import { deleteEntry, isDeletable } from "./cache-budget.ts";
import { listCache, type PlacedEntry } from "./list-cache.ts";

/** Lists all that is in the cache, for people and programs. */
export async function describeCache(paths: Paths): Promise<CacheEntry[]> {
  return (await listCache(paths)).map(withoutPlace);
}

/** An entry without its place on the disk. */
function withoutPlace({ parts, locked, ...entry }: PlacedEntry): CacheEntry {
  return entry;
}

/**
 * Deletes all entries of these kinds that no process uses and no kept checkpoint stands on.
 *
 * @returns the entries that were deleted, and those that stay
 */
export async function clearCache(
  paths: Paths,
  kinds: readonly CacheKind[],
): Promise<{ readonly deleted: CacheEntry[]; readonly kept: CacheEntry[] }> {
  const deleted: PlacedEntry[] = [];
  const kept: PlacedEntry[] = [];
  // Checkpoints go first: then nothing stands on their images.
  for (const wave of [kinds.filter(isCheckpoint), kinds.filter((kind) => !isCheckpoint(kind))]) {
    const entries = wave.length === 0 ? [] : await listCache(paths);
    for (const entry of entries.filter(({ kind }) => wave.includes(kind))) {
      const isGone = isDeletable(entry) && (await deleteEntry(paths, entry));
      (isGone ? deleted : kept).push(entry);
    }
  }
  return { deleted: deleted.map(withoutPlace), kept: kept.map(withoutPlace) };
}

const isCheckpoint = (kind: CacheKind): boolean => kind === "checkpoint";
