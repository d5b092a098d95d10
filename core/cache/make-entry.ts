import { mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { hasErrorCode } from "../../shared/errors/system-error.ts";
import { beforeForcedStop } from "../async/process-end.ts";
import { whoHasOpen } from "../files/locks/file-holder.ts";
import { type FileLock, isLocked, lockFolder } from "../files/locks/file-lock.ts";
import { makePrivateFolder } from "../files/private-folder.ts";
import { openRegularFile } from "../files/regular-file.ts";
import { syncFolder } from "../files/writing/replace-file.ts";
import { cacheEntriesFolder, type Paths } from "../storage/paths.ts";
import { makeRoom } from "./cache-budget.ts";
import { recordEntry, type SourceImage } from "./entry-record.ts";
import {
  damagedInUse,
  type EntryName,
  entryFolder,
  type FindOptions,
  findEntry,
  type HeldEntry,
  hasEntry,
  partialFolder,
} from "./find-entry.ts";

export interface EntryRequest extends EntryName, FindOptions {
  /** Names the entry for people: a noun phrase. */
  readonly what: string;
  /** The image that it is made of. */
  readonly image?: SourceImage | undefined;
  /** Writes the entry's files into an empty folder, which is removed if this fails. */
  readonly make: (folder: string) => Promise<void>;
  /** Bytes that it will take on the disk, as far as that is known. */
  readonly bytes?: number | undefined;
  /** Called before a wait for another process that makes the same entry. */
  readonly onWait?: ((text: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The interval at which a process checks whether another one that makes the same entry is done. Milliseconds. */
const pause = 100;

/**
 * Finds an entry of the cache, or makes it, and holds it. Of several processes that want the same one, one makes it.
 * Until it is whole and on the disk, it has another name. The entries that were not used for the longest time are
 * deleted to make room for it.
 *
 * @throws AppError `no-space`, `busy`, `no-permission`, `command-failed` where the file system has no locks; what `make`
 *   throws; the signal's reason
 */
export async function findOrMakeEntry(paths: Paths, request: EntryRequest): Promise<HeldEntry> {
  const { signal, onWait, kind, what } = request;
  const partial = partialFolder(entryFolder(paths, request));
  makePrivateFolder(cacheEntriesFolder(paths, kind));
  for (let hasWaited = false; ; ) {
    signal?.throwIfAborted();
    const found = await findEntry(paths, request, request);
    if (found) return found;
    {
      using lock = lockPartial(partial);
      // Another process may have made it just before this one got the lock.
      if (lock && !hasEntry(paths, request)) await makeEntry(paths, partial, request);
      else if (lock) await removeUnneeded(paths, partial, request);
      if (lock) continue;
    }
    if (!hasWaited) onWait?.(`waiting for ${whoHasOpen(partial) ?? "another process"}, which makes ${what}`);
    hasWaited = true;
    await delay(pause, undefined, signal && { signal }).catch(() => signal?.throwIfAborted());
  }
}

/** Waits as long as another process makes an entry. @param onWait called before the wait. @throws the signal's reason */
export async function whileOthersMake(
  paths: Paths,
  name: EntryName,
  { onWait, signal }: { readonly onWait: () => void; readonly signal: AbortSignal },
): Promise<void> {
  const partial = partialFolder(entryFolder(paths, name));
  for (let hasWaited = false; isLocked(partial); hasWaited = true) {
    if (!hasWaited) onWait();
    await delay(pause, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

/** @param partial a folder that this process has locked, which gets the entry's name at the end. */
async function makeEntry(paths: Paths, partial: string, request: EntryRequest): Promise<void> {
  const { what, image, make, bytes = 0, onNote } = request;
  const folder = entryFolder(paths, request);
  const remove = () => rmSync(partial, { recursive: true, force: true });
  using _lastAct = beforeForcedStop(what, remove);
  try {
    // The rest of a killed process may be in it.
    for (const name of readdirSync(partial)) rmSync(join(partial, name), { recursive: true });
    await makeRoom(paths, { bytes, onNote });
    await make(partial);
    await syncFiles(partial);
    recordEntry(partial, { what, image });
    renameSync(partial, folder);
  } catch (error) {
    remove();
    throw error;
  }
  syncFolder(dirname(folder));
  await makeRoom(paths, { except: folder, onNote });
}

/** Removes the folder of an entry that is there already. @throws AppError `busy` when that one is damaged and in use */
async function removeUnneeded(paths: Paths, partial: string, request: EntryRequest): Promise<void> {
  rmSync(partial, { recursive: true });
  using found = await findEntry(paths, request, request);
  if (!found && hasEntry(paths, request)) throw damagedInUse(entryFolder(paths, request));
}

/** Makes the folder of an entry that is not whole, and locks it. @returns undefined while another process has it */
function lockPartial(partial: string): FileLock | undefined {
  try {
    mkdirSync(partial, { mode: 0o700 });
  } catch (error) {
    if (!hasErrorCode(error, "EEXIST")) throw error;
  }
  return lockFolder(partial, "exclusive");
}

/** Waits until the files are on the disk: after a crash of the host, an entry that has its name is whole. */
async function syncFiles(folder: string): Promise<void> {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    await using file = await openRegularFile(join(entry.parentPath, entry.name));
    await file.datasync();
  }
}
