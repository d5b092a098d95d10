import { stat } from "node:fs/promises";
import { digestFile } from "../../files/digest.ts";
import { requireRegularFile } from "../../files/regular-file.ts";
import { stampOf } from "../../files/tree-entries.ts";

const known = new Map<string, { readonly stamp: string; readonly digest: string }>();

/**
 * The SHA-256 of an archive, in hexadecimal. It is read once by each process, as long as it stays the same.
 *
 * @throws AppError as `openRegularFile` does; the signal's reason
 */
export async function digestArchive(archive: string, signal?: AbortSignal): Promise<string> {
  requireRegularFile(archive);
  const stamp = stampOf(await stat(archive, { bigint: true }));
  const last = known.get(archive);
  if (last?.stamp === stamp) return last.digest;
  const digest = await digestFile(archive, { signal });
  known.set(archive, { stamp, digest });
  return digest;
}
