import { existsSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { AppError } from "../../shared/errors/errors.ts";
import { type FileLock, lockFolder } from "../files/locks/file-lock.ts";
import { cacheEntriesFolder, type EntryKind, type Paths } from "../storage/paths.ts";
import { deleteUnlessUsed } from "./delete-entry.ts";
import { describeEntry, isOwn, isUnchanged, renewRecord } from "./entry-record.ts";

/** An entry of the cache by its kind and key. */
export interface EntryName {
  readonly kind: EntryKind;
  /** Everything that decides the content, such as a digest of it: letters, digits, `_` and `-`. */
  readonly key: string;
}

/** An entry that is not deleted, not even when the cache is full, until this is disposed of or its process ends. */
export interface HeldEntry extends Disposable {
  /** The folder with its files, which nobody changes. */
  readonly folder: string;
}

export interface FindOptions {
  /**
   * Whether the files of an entry are right all the same, although they are not as they were recorded: somebody has
   * copied or restored them, or changed them. Without this, such an entry is made again.
   */
  readonly isRight?: ((folder: string) => Promise<boolean>) | undefined;
  /** Called with notes for the person, such as about a damaged entry. */
  readonly onNote?: ((text: string) => void) | undefined;
}

/** The place of an entry. */
export function entryFolder(paths: Paths, { kind, key }: EntryName): string {
  if (!/^\w[\w-]{0,199}$/.test(key)) throw new Error(`${JSON.stringify(key)} is not a key`);
  return join(cacheEntriesFolder(paths, kind), key);
}

/** Finds an entry and holds it, whole or not. @returns undefined when there is none. @throws AppError as `findEntry` does */
export async function holdEntry(paths: Paths, name: EntryName): Promise<HeldEntry | undefined> {
  const lock = await lockShared(entryFolder(paths, name));
  return lock && holdWith(lock);
}

/**
 * Finds an entry and holds it. One that was changed on the disk, or that other users can change, is deleted.
 *
 * @returns undefined when there is none that can be used. @throws AppError `command-failed` where the file system has no
 *   locks
 */
export async function findEntry(
  paths: Paths,
  name: EntryName,
  { isRight, onNote }: FindOptions = {},
): Promise<HeldEntry | undefined> {
  const folder = entryFolder(paths, name);
  const lock = await lockShared(folder);
  if (!lock) return undefined;
  let isMine = true;
  try {
    isMine = isOwn(folder);
    if (isMine && isUnchanged(folder)) return holdWith(lock);
    if (isMine && (await isRight?.(folder))) {
      renewRecord(folder);
      return holdWith(lock);
    }
  } catch (error) {
    lock[Symbol.dispose]();
    throw error;
  }
  lock[Symbol.dispose]();
  const reason = isMine ? "was changed or damaged" : "belongs to another user, or can be changed by one";
  await deleteUnusable(paths, folder, { reason, onNote });
  return undefined;
}

/** Deletes an entry that can't be used, and says which one it was. */
async function deleteUnusable(
  paths: Paths,
  folder: string,
  { reason, onNote }: Pick<FindOptions, "onNote"> & { readonly reason: string },
): Promise<void> {
  const what = describeEntry(folder)?.what ?? folder;
  const isGone = await deleteUnlessUsed(paths, { parts: [folder], locked: folder });
  const result = isGone
    ? "Tinsmith has deleted it"
    : "Tinsmith doesn't use it, and can't delete it: another process uses it";
  onNote?.(`In the cache, ${what} ${reason}. ${result}.`);
}

/** A process that deletes an entry, or looks whether it is in use, locks it for a moment. Milliseconds. */
const patience = 2_000;
const pause = 2;

async function lockShared(folder: string): Promise<FileLock | undefined> {
  for (const end = Date.now() + patience; ; await delay(pause)) {
    const lock = lockFolder(folder, "shared");
    if (lock || !existsSync(folder) || Date.now() > end) return lock;
  }
}

/**
 * Deletes an entry that turned out to be unusable, and no longer holds it. If another process holds it, it stays.
 *
 * @returns whether it is gone.
 */
export async function discardEntry(paths: Paths, entry: HeldEntry): Promise<boolean> {
  entry[Symbol.dispose]();
  return await deleteUnlessUsed(paths, { parts: [entry.folder], locked: entry.folder });
}

/** Holds an entry through the lock on its folder, whose time is that of its last use. */
function holdWith(lock: FileLock): HeldEntry {
  noteUse(lock.path);
  let isHeld = true;
  return {
    folder: lock.path,
    [Symbol.dispose]: () => {
      if (!isHeld) return;
      isHeld = false;
      noteUse(lock.path);
      lock[Symbol.dispose]();
    },
  };
}

function noteUse(folder: string): void {
  const now = new Date();
  try {
    utimesSync(folder, now, now);
  } catch {
    // Without it, the entry counts as used earlier than it was.
  }
}

/** The error when an entry can't be made because another process uses a damaged one of its name. */
export function damagedInUse(folder: string): AppError {
  return new AppError({
    code: "busy",
    message: `another process uses ${folder}, which was changed or damaged`,
    advice: "End that process, then try again.",
  });
}

/** Whether an entry is there, whole or not. */
export function hasEntry(paths: Paths, name: EntryName): boolean {
  return existsSync(entryFolder(paths, name));
}

const partialSuffix = ".partial";

/** The folder of an entry that is not whole yet; locked by the process that makes it. */
export function partialFolder(folder: string): string {
  return `${folder}${partialSuffix}`;
}

/** Whether a folder is one of `partialFolder`. */
export function isPartialFolder(name: string): boolean {
  return name.endsWith(partialSuffix);
}
