import type { CacheEntry, CacheKind } from "../../shared/cache/cache.ts";
import type { Paths } from "../storage/paths.ts";
import { deleteEntry } from "./cache-budget.ts";
import { listCache, type PlacedEntry } from "./list-cache.ts";

/** Lists all that is in the cache, for people and programs. */
export async function describeCache(paths: Paths): Promise<CacheEntry[]> {
  return (await listCache(paths)).map(withoutPlace);
}

/** An entry without its place on the disk. */
function withoutPlace({ parts, locked, ...entry }: PlacedEntry): CacheEntry {
  return entry;
}

/** Deletes all entries of these kinds that no process uses. @returns the entries that were deleted, and those that stay */
export async function clearCache(
  paths: Paths,
  kinds: readonly CacheKind[],
): Promise<{ readonly deleted: CacheEntry[]; readonly kept: CacheEntry[] }> {
  const entries = (await listCache(paths)).filter(({ kind }) => kinds.includes(kind));
  const deleted: PlacedEntry[] = [];
  for (const entry of entries) if (!entry.isInUse && (await deleteEntry(paths, entry))) deleted.push(entry);
  const kept = entries.filter((entry) => !deleted.includes(entry));
  return { deleted: deleted.map(withoutPlace), kept: kept.map(withoutPlace) };
}
