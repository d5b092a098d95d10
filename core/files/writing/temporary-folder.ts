import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeForcedStop } from "../../async/process-end.ts";

/**
 * A new folder, usually among the system's temporary files. Disposing of it removes it with its content; a forced stop does so
 * too.
 */
export interface TemporaryFolder extends Disposable {
  readonly path: string;
}

/**
 * @param name part of the folder's name
 * @param what the work that needs it, for a person who waits for its end: "the test of KVM"
 * @param parent the folder in which it is made: by default, that of temporary files
 */
export function createTemporaryFolder(name: string, what: string, parent = tmpdir()): TemporaryFolder {
  const path = mkdtempSync(join(parent, `${parent === tmpdir() ? "" : "."}tinsmith-${name}-`));
  const remove = () => rmSync(path, { recursive: true, force: true });
  const lastAct = beforeForcedStop(what, remove);
  return {
    path,
    [Symbol.dispose]: () => {
      lastAct[Symbol.dispose]();
      remove();
    },
  };
}
