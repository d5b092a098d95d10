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
  requireRegularFile(archive);
  const cache = new DigestCache({ keeper: createDigestStore(paths), ...(signal && { signal }) });
  return await cache.digests.file(archive);
}
