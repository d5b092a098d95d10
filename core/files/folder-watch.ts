import { type FSWatcher, watch } from "node:fs";
import { stat } from "node:fs/promises";

/** Watches folders for changes of their direct entries. */
export interface FolderWatch extends Disposable {
  /**
   * Watches these folders from now on, and no others.
   *
   * @returns whether all of them were watched before already: then no change was missed. Folders that don't exist can't
   *   be watched, and the system may watch no more.
   */
  watch(folders: ReadonlySet<string>): Promise<boolean>;
}

interface WatchedFolder {
  readonly watcher: FSWatcher;
  /** Tells the folder from a later one of the same name, of whose changes the watcher hears nothing. */
  readonly identity: string;
}

/**
 * More are not watched: a system watches so many (Linux: some 8,000 for all programs of a user, on small machines), and
 * other programs want some as well.
 */
const maximumFolders = 2_000;

/**
 * Makes a watch. Some changes are never reported, such as those that another host makes on a network file system:
 * callers must also look by themselves now and then.
 *
 * @param onChange called with a folder in which something was made, changed or removed.
 * @param kinds `entries`: not when only the content of a file has changed
 */
export function createFolderWatch(
  onChange: (folder: string) => void,
  kinds: "all" | "entries" = "all",
): FolderWatch {
  const watched = new Map<string, WatchedFolder>();
  const stop = (folder: string) => {
    watched.get(folder)?.watcher.close();
    watched.delete(folder);
  };
  /** @returns whether it was watched already. */
  const start = async (folder: string): Promise<boolean> => {
    const identity = await identityOf(folder);
    if (identity !== undefined && watched.get(folder)?.identity === identity) return true;
    stop(folder);
    if (identity === undefined || watched.size >= maximumFolders) return false;
    try {
      const watcher = watch(folder, { persistent: false }, (kind) => {
        // "rename" is every change of the entries themselves.
        if (kinds === "all" || kind === "rename") onChange(folder);
      });
      watcher.on("error", () => stop(folder));
      watched.set(folder, { watcher, identity });
    } catch {
      // The system has stopped watching: callers must look by themselves.
    }
    return false;
  };
  return {
    watch: async (folders) => {
      for (const folder of watched.keys()) if (!folders.has(folder)) stop(folder);
      let wereAll = true;
      for (const folder of folders) wereAll = (await start(folder)) && wereAll;
      return wereAll;
    },
    [Symbol.dispose]: () => {
      for (const folder of watched.keys()) stop(folder);
    },
  };
}

async function identityOf(folder: string): Promise<string | undefined> {
  const status = await stat(folder).catch(() => undefined);
  return status?.isDirectory() ? `${status.dev}:${status.ino}` : undefined;
}
