import { setTimeout as delay } from "node:timers/promises";
import { makeFolder } from "../files/folders.ts";
import { type FileLock, tryLock } from "../files/locks/file-lock.ts";
import { type IsoPaths, locksFolder } from "../storage/paths.ts";

interface LockOptions {
  /** The holder's operation on the ISO. */
  readonly doing: "building" | "fetching";
  /** Called before a wait. */
  readonly onLine: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** The interval at which a process checks whether another one that makes the same ISO has ended. Milliseconds. */
const lockPause = 500;

/** Waits until no other process makes an ISO in the cache. @throws the signal's reason when it aborts */
export async function lockIso(
  cache: string,
  { lock: path }: IsoPaths,
  { doing, onLine, signal }: LockOptions,
): Promise<FileLock> {
  makeFolder(locksFolder(cache));
  for (let isFirst = true; ; isFirst = false) {
    const lock = tryLock(path, `process ${process.pid}`);
    if (!("heldBy" in lock)) return lock;
    if (isFirst) onLine(`waiting for ${lock.heldBy}, which is ${doing} the same ISO`);
    await delay(lockPause, undefined, signal && { signal }).catch(() => signal?.throwIfAborted());
  }
}
