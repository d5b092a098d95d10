import { DigestCache } from "../../files/digest-cache.ts";
import { requireRegularFile } from "../../files/regular-file.ts";
import { createDigestStore } from "../../storage/digest-store.ts";
import type { Paths } from "../../storage/paths.ts";

/**
 * The SHA-256 of an archive, in hexadecimal. It is only read if it has changed since Tinsmith has last read it.
 *
 * @throws AppError as `openRegularFile` does; the signal's reason
 */
export async function digestArchive(paths: Paths, archive: string, signal?: AbortSignal): Promise<string> {
  return await cacheFor(paths, archive, signal).digests.file(archive);
}

/** The digest of an archive, if Tinsmith has taken it since the archive has changed: it is not read. @throws AppError as `digestArchive` */
export async function knownDigest(paths: Paths, archive: string): Promise<string | undefined> {
  return await cacheFor(paths, archive).known(archive);
}

function cacheFor(paths: Paths, archive: string, signal?: AbortSignal): DigestCache {
  requireRegularFile(archive);
  return new DigestCache({ keeper: createDigestStore(paths), ...(signal && { signal }) });
}
