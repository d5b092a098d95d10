import type { Note } from "../../shared/session/note.ts";
import { formatBytes, formatCount } from "../../shared/text/format.ts";
import { existingFolder } from "../files/folders.ts";
import { diskReserve, freeBytes } from "../files/free-space.ts";
import type { Paths } from "../storage/paths.ts";
import { currentSettings } from "../storage/settings-store.ts";
import { deleteUnlessUsed } from "./delete-entry.ts";
import { listCache, type PlacedEntry } from "./list-cache.ts";

const bytesPerGib = 1024 ** 3;

interface RoomOptions {
  /** Bytes that are about to be added. */
  readonly bytes?: number;
  /** The folder of an entry that is not deleted: it was made just now. */
  readonly except?: string | undefined;
  /** Called with a note for the person about what was deleted. */
  readonly onNote?: ((text: string, about?: Note["about"]) => void) | undefined;
}

/**
 * Deletes entries of the cache until the others, and the bytes that are about to be added, are within the limit of the
 * settings and fit on the disk: those of archives that were replaced or deleted first, then those that were not used for
 * the longest time. All that a process uses stays, and so do kept checkpoints with their images, and the newest work of
 * a failed build.
 */
export async function makeRoom(paths: Paths, { bytes = 0, except, onNote }: RoomOptions = {}): Promise<void> {
  const { retention, problem } = currentSettings(paths);
  // With the defaults, entries could go that the person's own limit keeps.
  if (problem) return;
  const entries = await listCache(paths);
  const limit = retention.cacheGib * bytesPerGib;
  const sum = entries.reduce((total, entry) => total + entry.bytes, 0);
  const missing = bytes === 0 ? 0 : bytes + diskReserve - (await freeBytes(existingFolder(paths.cache)));
  const surplus = sum + bytes - limit;
  const deleted = await deleteOldest(paths, deletable(entries, except), Math.max(surplus, missing));
  if (deleted.length === 0) return;
  const isWork = deleted.some(({ kind }) => kind === "kept-work");
  const reason =
    missing > surplus ? "The disk had too little space" : `The settings keep ${retention.cacheGib} GiB`;
  onNote?.(
    `Deleted ${describe(deleted)} from the cache. ${reason}.`,
    isWork ? "deleted-sessions" : undefined,
  );
}

/** The most bytes that the cache may take, by the settings. */
export function cacheLimit(paths: Paths): number {
  return currentSettings(paths).retention.cacheGib * bytesPerGib;
}

/** The entries that may be deleted to make room, the first one first. */
function deletable(entries: readonly PlacedEntry[], except?: string): readonly PlacedEntry[] {
  const inOrder = [...entries].sort(
    (one, other) => Number(other.isStale) - Number(one.isStale) || one.lastUse - other.lastUse,
  );
  const newestWork = inOrder.findLast(({ kind }) => kind === "kept-work");
  return inOrder.filter(
    (entry) =>
      entry !== newestWork &&
      entry.locked !== except &&
      // A person has kept it, and can't make it again.
      entry.kind !== "checkpoint" &&
      isDeletable(entry),
  );
}

/** Whether an entry may be deleted now: no process uses it, and no kept checkpoint stands on it. */
export function isDeletable({ isInUse, isNeeded }: PlacedEntry): boolean {
  return !isInUse && !isNeeded;
}

async function deleteOldest(
  paths: Paths,
  entries: readonly PlacedEntry[],
  surplus: number,
): Promise<readonly PlacedEntry[]> {
  const deleted: PlacedEntry[] = [];
  let left = surplus;
  for (const entry of entries) {
    if (left <= 0) break;
    if (!(await deleteEntry(paths, entry))) continue;
    deleted.push(entry);
    left -= entry.bytes;
  }
  return deleted;
}

/** Deletes an entry. @returns false when it has to stay: somebody uses it, or the system refuses. */
export async function deleteEntry(paths: Paths, entry: PlacedEntry): Promise<boolean> {
  try {
    return await deleteUnlessUsed(paths, entry);
  } catch {
    return false;
  }
}

/** How many of them are named: a person may want to know which, and nobody reads hundreds. */
const listed = 5;

function describe(entries: readonly PlacedEntry[]): string {
  const names = entries.slice(0, listed).map(({ what }) => what);
  const more =
    entries.length > listed ? [formatCount(entries.length - listed, "other entry", "other entries")] : [];
  const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
  return `${[...names, ...more].join(", ")} (${formatBytes(bytes)})`;
}
