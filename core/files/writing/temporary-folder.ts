import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeForcedStop } from "../../async/process-end.ts";
import { lockFolder, tryLock } from "../locks/file-lock.ts";
import { isOwnFolder } from "../private-folder.ts";

/**
 * A new folder, usually among the system's temporary files. Disposing of it removes it with its content; a forced stop does so
 * too.
 */
export interface TemporaryFolder extends Disposable {
  readonly path: string;
}

/** The lock, beside the files: the work locks the folder in which it writes, too. */
const lockName = "lock";

/**
 * Makes a folder, and removes those of the same name whose processes were killed: each has a lock as long as its process uses it.
 *
 * @param name part of the folder's name
 * @param what the work that needs it, for a person who waits for its end: "the test of KVM"
 * @param parent the folder in which it is made: by default, that of temporary files
 */
export function createTemporaryFolder(name: string, what: string, parent = tmpdir()): TemporaryFolder {
  const start = `${parent === tmpdir() ? "" : "."}tinsmith-${name}-`;
  clearLeftovers(parent, start);
  const { outer, lock } = makeLocked(join(parent, start), what);
  const path = join(outer, "files");
  mkdirSync(path);
  const remove = () => rmSync(outer, { recursive: true, force: true });
  const lastAct = beforeForcedStop(what, remove);
  return {
    path,
    [Symbol.dispose]: () => {
      lastAct[Symbol.dispose]();
      remove();
      lock[Symbol.dispose]();
    },
  };
}

function makeLocked(start: string, what: string): { readonly outer: string; readonly lock: Disposable } {
  for (;;) {
    const outer = mkdtempSync(start);
    const path = join(outer, lockName);
    const lock = tryLock(path, what);
    if ("heldBy" in lock) continue;
    if (existsSync(path)) return { outer, lock };
    // Another process has just taken it for a leftover.
    lock[Symbol.dispose]();
  }
}

/** Removes folders with a lock that nobody holds. Others of such a name are not of this kind. */
function clearLeftovers(parent: string, start: string): void {
  for (const name of namesIn(parent)) {
    const outer = join(parent, name);
    if (!name.startsWith(start) || !isOwnFolder(outer)) continue;
    using lock = lockFolder(join(outer, lockName), "exclusive");
    if (lock) rmSync(outer, { recursive: true, force: true });
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    // In a folder that can't be listed, leftovers stay.
    return [];
  }
}
