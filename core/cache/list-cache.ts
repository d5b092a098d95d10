import { type Dirent, existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { CacheEntry, CacheKind } from "../../shared/cache/cache.ts";
import { DigestCache } from "../files/digest-cache.ts";
import { diskUsage, folderBytes } from "../files/disk-usage.ts";
import { isLocked, lockFolder } from "../files/locks/file-lock.ts";
import { statusOf } from "../files/regular-file.ts";
import { partialPath } from "../files/writing/temporary-names.ts";
import { createDigestStore } from "../storage/digest-store.ts";
import {
  cacheEntriesFolder,
  debianPackages,
  type EntryKind,
  isoPaths,
  type Paths,
  sessionPaths,
} from "../storage/paths.ts";
import type { OnDisk } from "./delete-entry.ts";
import { describeEntry, type SourceImage } from "./entry-record.ts";
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
  const needed = neededImages(places);
  const isStale = createStaleCheck(paths);
  for (const place of places) {
    const entry = await describePlace(place, needed, isStale);
    if (entry) entries.push(entry);
  }
  return entries;
}

/** The images without whose disks kept checkpoints are useless. */
function neededImages(places: readonly Place[]): ReadonlySet<string> {
  return new Set(places.flatMap(({ kind, image }) => (kind === "checkpoint" && image ? [image.digest] : [])));
}

type StaleCheck = (image: SourceImage) => Promise<boolean>;

/** Tells whether an image's archive is known to be another one by now, or deleted. No archive is read. */
function createStaleCheck(paths: Paths): StaleCheck {
  const cache = new DigestCache({ keeper: createDigestStore(paths) });
  return async ({ archive, digest }) => {
    if (!existsSync(archive)) return true;
    const now = await cache.known(archive).catch(() => undefined);
    return now !== undefined && now !== digest;
  };
}

interface Place extends OnDisk {
  readonly kind: CacheKind;
  readonly key: string;
  readonly what: string;
  /** The image that it is made of. */
  readonly image?: SourceImage | undefined;
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
      if (madeHere.test(name)) removeLeftover(folder);
      return [];
    }
    const { what, image } = describeEntry(folder) ?? { what: "a damaged entry", image: undefined };
    return [{ kind, key: name, what, image, parts: [folder], locked: folder, dated: folder }];
  });
}

/** The names that Tinsmith gives to folders of entries that are not whole: the keys are digests. A person's own folder stays. */
const madeHere = /^[0-9a-f]+\.partial$/;

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
async function describePlace(
  place: Place,
  needed: ReadonlySet<string>,
  isStale: StaleCheck,
): Promise<PlacedEntry | undefined> {
  const { kind, key, what, image, parts, locked, isBusy = false, dated } = place;
  try {
    let bytes = 0;
    for (const part of parts) bytes += await bytesOf(part);
    const lastUse = statSync(dated).mtimeMs;
    return {
      ...{ kind, key, what, bytes, lastUse, parts, locked },
      isInUse: isBusy || isHeld(locked),
      isNeeded: kind === "image" && needed.has(key),
      // A checkpoint needs its unpacked image only.
      isStale: kind !== "checkpoint" && image !== undefined && (await isStale(image)),
    };
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
