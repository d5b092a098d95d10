import { type FileLock, lockFolder } from "../files/locks/file-lock.ts";
import type { SessionPaths } from "../storage/paths.ts";

/**
 * Keeps an ended session from being deleted to free space, as long as somebody reads it or is about to retry it: by a
 * shared lock on its folder, which the kernel releases with its holder.
 *
 * @returns undefined when there is no such session, or it is just being deleted.
 */
export function holdSession({ folder }: SessionPaths): FileLock | undefined {
  return lockFolder(folder, "shared");
}
