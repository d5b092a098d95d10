import { existsSync } from "node:fs";
import { toAppError } from "../../shared/errors/errors.ts";
import type { Signer } from "../../shared/remotes/inspected-remote.ts";
import { readSmallFile } from "../files/text-file.ts";
import { manifestPath, parseManifest, signaturePath } from "../manifest/manifest-file.ts";
import type { Paths } from "../storage/paths.ts";
import { findSigner } from "./ssh-signature.ts";

/** Bytes of the largest manifest and signature that are read. */
export const mostManifestBytes = 16 * 1024 ** 2;
export const mostSignatureBytes = 64 * 1024;

/** The files that go with an archive, as they are on the disk. */
export interface ArchiveFacts {
  readonly manifest?: Buffer;
  readonly signature?: Buffer;
}

/** Reads the manifest and the signature beside an archive. @throws AppError as `readSmallFile` */
export function readArchiveFacts(archive: string): ArchiveFacts {
  const read = (path: string, maximumBytes: number) =>
    existsSync(path) ? readSmallFile(path, { maximumBytes, code: "usage" }) : undefined;
  const manifest = read(manifestPath(archive), mostManifestBytes);
  const signature = read(signaturePath(archive), mostSignatureBytes);
  return { ...(manifest && { manifest }), ...(manifest && signature && { signature }) };
}

/**
 * Finds out who has signed an archive: the author of the signature on its manifest, if that is the manifest of this archive.
 *
 * @returns undefined when it is not signed, or the signature can't be checked here
 * @throws AppError `not-trusted` for a wrong signature; the signal's reason
 */
export async function findArchiveSigner(
  { allowedSigners }: Pick<Paths, "allowedSigners">,
  archive: string,
  digest: string,
  signal?: AbortSignal,
): Promise<Signer | undefined> {
  const { manifest, signature } = readArchiveFacts(archive);
  if (!manifest || !signature) return undefined;
  try {
    const isOfThis = parseManifest(manifest, manifestPath(archive)).archive.sha256 === digest;
    return isOfThis
      ? await findSigner({ manifest, signature, name: archive }, allowedSigners, signal)
      : undefined;
  } catch (thrown) {
    signal?.throwIfAborted();
    if (toAppError(thrown).code === "not-trusted") throw thrown;
    // It counts as an archive that nobody has signed.
    return undefined;
  }
}
