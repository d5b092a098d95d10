import { type Dirent, existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { CacheEntry, CacheKind } from "../../shared/cache/cache.ts";
import { diskUsage, folderBytes } from "../files/disk-usage.ts";
import { isLocked, lockFolder } from "../files/locks/file-lock.ts";
import { statusOf } from "../files/regular-file.ts";
import { partialPath } from "../files/writing/temporary-names.ts";
import {
  cacheEntriesFolder,
  debianPackages,
  type EntryKind,
  isoPaths,
  type Paths,
  sessionPaths,
} from "../storage/paths.ts";
import type { OnDisk } from "./delete-entry.ts";
import { describeEntry } from "./entry-record.ts";
import { isPartialFolder } from "./find-entry.ts";

/** Something in the cache, and where it is. */
export interface PlacedEntry extends CacheEntry, OnDisk {}

const entryKinds: readonly EntryKind[] = ["image", "state", "checkpoint"];

/** Lists all that is in the cache, and removes what killed processes have left of entries that they were making. */
export async function listCache(paths: Paths): Promise<readonly PlacedEntry[]> {
  const places = [
    ...isos(paths),
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

interface Place extends OnDisk {
  readonly kind: CacheKind;
  readonly key: string;
  readonly what: string;
  /** Whether a process uses it without a lock on that file or folder. */
  readonly isBusy?: boolean;
  /** A file or folder whose time is that of the last use. */
  readonly dated: string;
}

/** Installation ISOs, and those that are being made: see core/iso/. */
function isos(paths: Paths): readonly Place[] {
  const { folder } = isoPaths(paths.cache, "");
  const keys = new Set(
    namesIn(folder).map((name) => /^[0-9a-f]{64}(?=\.(?:iso|iso\.partial|building)$)/.exec(name)?.[0]),
  );
  return [...keys].flatMap((key) => {
    if (key === undefined) return [];
    const { iso, record, building, lock } = isoPaths(paths.cache, key);
    const parts = [iso, record, partialPath(iso), building];
    const main = parts.find((part) => existsSync(part)) ?? iso;
    const dated = existsSync(record) ? record : main;
    const name = `ISO ${key.slice(0, shownDigits)}`;
    const what = main === iso ? `the ${name}` : `an unfinished part of the ${name}`;
    return [{ kind: "iso", key, what, parts, locked: main, isBusy: isLocked(lock), dated }];
  });
}

/** Of a digest that names something. */
const shownDigits = 12;

function entriesOf(paths: Paths, kind: EntryKind): readonly Place[] {
  const parent = cacheEntriesFolder(paths, kind);
  return foldersIn(parent).flatMap(({ name }) => {
    const folder = join(parent, name);
    if (isPartialFolder(name)) {
      removeLeftover(folder);
      return [];
    }
    const what = describeEntry(folder) ?? "a damaged entry";
    return [{ kind, key: name, what, parts: [folder], locked: folder, dated: folder }];
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
        ...{ parts: [keptWork], locked: folder, isBusy: isLocked(lock), dated: keptWorkRecord },
      },
    ];
  });
}

function packages(paths: Paths): readonly Place[] {
  const folder = debianPackages(paths);
  if (!existsSync(folder)) return [];
  const what = "Debian packages of the guest OS microcore";
  return [{ kind: "packages", key: "debian", what, parts: [folder], locked: folder, dated: folder }];
}

/** @returns undefined when it has just been deleted. */
async function describePlace(place: Place): Promise<PlacedEntry | undefined> {
  const { kind, key, what, parts, locked, isBusy = false, dated } = place;
  try {
    let bytes = 0;
    for (const part of parts) bytes += await bytesOf(part);
    const lastUse = statSync(dated).mtimeMs;
    return { kind, key, what, bytes, lastUse, isInUse: isBusy || isHeld(locked), parts, locked };
  } catch {
    return undefined;
  }
}

async function bytesOf(path: string): Promise<number> {
  return statusOf(path)?.isDirectory() ? await folderBytes(path) : diskUsage(path);
}

/** Whether a process holds a lock of any kind on a file or folder. */
function isHeld(path: string): boolean {
  using alone = lockFolder(path, "exclusive");
  return alone === undefined;
}

function foldersIn(parent: string): readonly Dirent[] {
  return existsSync(parent)
    ? readdirSync(parent, { withFileTypes: true }).filter((entry) => entry.isDirectory())
    : [];
}

function namesIn(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}
