import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { beforeForcedStop } from "../async/process-end.ts";
import { makeFolder } from "../files/folders.ts";
import { lockFolder } from "../files/locks/file-lock.ts";
import { makePrivateFolder } from "../files/private-folder.ts";
import { type Paths, type SessionPaths, sessionPaths } from "../storage/paths.ts";

/** The files of a virtual machine that belongs to no session. Disposing of it removes them. */
export interface ScratchFiles extends Disposable {
  /** No session has it. */
  readonly id: string;
  readonly files: SessionPaths;
}

/** Makes the folders of a virtual machine without a session, and removes those that killed processes have left. */
export function openScratchFiles(paths: Paths): ScratchFiles {
  const scratch = { ...paths, sessions: join(paths.cache, "scratch") };
  makeFolder(paths.cache);
  makePrivateFolder(scratch.sessions);
  makePrivateFolder(paths.sockets);
  for (const left of readdirSync(scratch.sessions)) removeUnlocked(sessionPaths(scratch, left));
  using cleanup = new DisposableStack();
  const id = `state-${process.pid}`;
  const files = sessionPaths(scratch, id);
  mkdirSync(files.working, { recursive: true, mode: 0o700 });
  cleanup.use(lockFolder(files.folder, "exclusive"));
  makePrivateFolder(files.socketFolder);
  cleanup.defer(() => remove(files));
  cleanup.use(beforeForcedStop("the files of a virtual machine", () => remove(files)));
  const owned = cleanup.move();
  return { id, files, [Symbol.dispose]: () => owned.dispose() };
}

function removeUnlocked(files: SessionPaths): void {
  using _alone = lockFolder(files.folder, "exclusive");
  if (_alone) remove(files);
}

function remove({ folder, socketFolder }: SessionPaths): void {
  rmSync(folder, { recursive: true, force: true });
  rmSync(socketFolder, { recursive: true, force: true });
}
