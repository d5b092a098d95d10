import { type Dirent, existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { CacheEntry, CacheKind } from "../../shared/cache/cache.ts";
import { folderBytes } from "../files/disk-usage.ts";
import { isLocked, lockFolder } from "../files/locks/file-lock.ts";
import {
  cacheEntriesFolder,
  debianPackages,
  type EntryKind,
  type Paths,
  sessionPaths,
} from "../storage/paths.ts";
import { describeEntry } from "./entry-record.ts";
import { isPartialFolder } from "./find-entry.ts";

/** Something in the cache, and where it is. */
export interface PlacedEntry extends CacheEntry {
  /** All of it. */
  readonly folder: string;
  /** The folder that its users lock. */
  readonly locked: string;
}

const entryKinds: readonly EntryKind[] = ["iso", "image", "state", "checkpoint"];

/** Lists all that is in the cache, and removes what killed processes have left of entries that they were making. */
export async function listCache(paths: Paths): Promise<readonly PlacedEntry[]> {
  const places = [
    ...entryKinds.flatMap((kind) => entriesOf(paths, kind)),
    ...keptWork(paths),
    ...packages(paths),
  ];
  const entries: PlacedEntry[] = [];
  for (const place of places) {
    const entry = await describePlace(place);
    if (entry) entries.push(entry);
  }
  return entries;
}

interface Place {
  readonly kind: CacheKind;
  readonly key: string;
  readonly what: string;
  readonly folder: string;
  readonly locked: string;
  /** Whether a process uses it without a lock on that folder. */
  readonly isBusy?: boolean;
  /** A file or folder whose time is that of the last use. */
  readonly dated: string;
}

function entriesOf(paths: Paths, kind: EntryKind): readonly Place[] {
  const parent = cacheEntriesFolder(paths, kind);
  return foldersIn(parent).flatMap(({ name }) => {
    const folder = join(parent, name);
    if (isPartialFolder(name)) {
      removeLeftover(folder);
      return [];
    }
    const what = describeEntry(folder) ?? "a damaged entry";
    return [{ kind, key: name, what, folder, locked: folder, dated: folder }];
  });
}

/** Removes the folder of an entry that is not whole, unless its process makes it still. */
function removeLeftover(folder: string): void {
  using alone = lockFolder(folder, "exclusive");
  if (alone) rmSync(folder, { recursive: true, force: true });
}

function keptWork(paths: Paths): readonly Place[] {
  return foldersIn(paths.sessions).flatMap(({ name }) => {
    if (name.startsWith(".")) return [];
    const { folder, keptWork, keptWorkRecord, lock } = sessionPaths(paths, name);
    if (!existsSync(keptWorkRecord)) return [];
    return [
      {
        ...({ kind: "kept-work", key: name, what: `the work of failed session ${name}` } as const),
        ...{ folder: keptWork, locked: folder, isBusy: isLocked(lock), dated: keptWorkRecord },
      },
    ];
  });
}

function packages(paths: Paths): readonly Place[] {
  const folder = debianPackages(paths);
  if (!existsSync(folder)) return [];
  const what = "Debian packages of the guest OS microcore";
  return [{ kind: "packages", key: "debian", what, folder, locked: folder, dated: folder }];
}

/** @returns undefined when it has just been deleted. */
async function describePlace(place: Place): Promise<PlacedEntry | undefined> {
  const { kind, key, what, folder, locked, isBusy = false, dated } = place;
  try {
    const bytes = await folderBytes(folder);
    const lastUse = statSync(dated).mtimeMs;
    return { kind, key, what, bytes, lastUse, isInUse: isBusy || isHeld(locked), folder, locked };
  } catch {
    return undefined;
  }
}

/** Whether a process holds a lock of any kind on a folder. */
function isHeld(folder: string): boolean {
  using alone = lockFolder(folder, "exclusive");
  return alone === undefined;
}

function foldersIn(parent: string): readonly Dirent[] {
  if (!existsSync(parent)) return [];
  return readdirSync(parent, { withFileTypes: true }).filter((entry) => entry.isDirectory());
}
