import { link, open, rename, rm } from "node:fs/promises";
import { hasErrorCode } from "../../../shared/errors/system-error.ts";

/**
 * Gives a file that was written under another name on the same file system the name that it is to have, and takes the
 * other one away.
 *
 * @throws the system's error: EEXIST when another file has the name, and that file stays as it is.
 */
export async function nameNewFile(path: string, target: string): Promise<void> {
  const isLinked = await link(path, target).then(() => true, passOverNoLinks);
  if (isLinked) return await rm(path);
  // An empty file takes the name first, so that nobody else can: only our own file is replaced.
  await (await open(target, "wx")).close();
  await rename(path, target);
}

/** Errors of file systems without hard links, such as FAT and exFAT. */
const noLinks = ["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EINVAL", "EMLINK"];

function passOverNoLinks(error: unknown): false {
  if (hasErrorCode(error, ...noLinks)) return false;
  throw error;
}
