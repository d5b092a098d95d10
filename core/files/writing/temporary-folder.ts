import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeForcedStop } from "../../async/process-end.ts";
import { lockFolder } from "../locks/file-lock.ts";
import { isOwnFolder } from "../private-folder.ts";

/**
 * A new folder, usually among the system's temporary files. Disposing of it removes it with its content; a forced stop does so
 * too.
 */
export interface TemporaryFolder extends Disposable {
  readonly path: string;
}

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
  const { path, lock } = makeLocked(join(parent, start));
  const remove = () => rmSync(path, { recursive: true, force: true });
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

function makeLocked(start: string): { readonly path: string; readonly lock: Disposable } {
  for (;;) {
    const path = mkdtempSync(start);
    const lock = lockFolder(path, "exclusive");
    // Without a lock, another process has just taken it for a leftover.
    if (lock) return { path, lock };
  }
}

function clearLeftovers(parent: string, start: string): void {
  for (const name of namesIn(parent)) {
    const path = join(parent, name);
    if (!name.startsWith(start) || !isOwnFolder(path)) continue;
    using lock = lockFolder(path, "exclusive");
    if (lock) rmSync(path, { recursive: true, force: true });
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
