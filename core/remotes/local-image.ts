import type { FileHandle } from "node:fs/promises";
import { basename } from "node:path";
import { AppError } from "../../shared/errors/errors.ts";
import type { Manifest } from "../../shared/library/manifest.ts";
import { digestText } from "../files/digest.ts";
import { openRegularFile } from "../files/regular-file.ts";
import { replaceFile } from "../files/writing/replace-file.ts";
import { digestArchive } from "../image/archive/archive-digest.ts";
import { formatForName } from "../image/compression/compression.ts";
import { manifestPath, parseManifest, signaturePath } from "../manifest/manifest-file.ts";
import { readArchiveFacts } from "../signature/archive-signature.ts";
import { findSigner, signManifest } from "../signature/ssh-signature.ts";
import type { FileKind, LocalFile, RemoteContext } from "./remote.ts";

/** An archive of this host, with its manifest and signature, open for publishing. */
export interface LocalImage extends AsyncDisposable {
  /** The archive first. */
  readonly files: readonly LocalFile[];
  readonly manifest: Manifest | undefined;
}

/**
 * Opens an archive with the files beside it.
 *
 * @param signingKey the path of an SSH key that signs its manifest; the signature is kept beside it
 * @throws AppError `usage` when a manifest is not that of the archive, or there is none to sign; `not-trusted` for a signature
 *   that is wrong
 */
export async function openLocalImage(
  archive: string,
  { paths, signal }: Pick<RemoteContext, "paths" | "signal">,
  signingKey?: string,
): Promise<LocalImage> {
  formatForName(archive);
  const sha256 = await digestArchive(paths, archive, signal);
  const { manifest: bytes, signature: kept } = readArchiveFacts(archive);
  const manifest = bytes && parseManifest(bytes, manifestPath(archive));
  if (manifest && manifest.archive.sha256 !== sha256) throw otherManifest(archive);
  if (signingKey !== undefined && !bytes) throw nothingToSign(archive);
  const signature = bytes && signingKey !== undefined ? await signManifest(bytes, signingKey, signal) : kept;
  if (bytes && signature)
    await findSigner({ manifest: bytes, signature, name: archive }, paths.allowedSigners, signal);
  if (signature && signature !== kept) replaceFile(signaturePath(archive), () => signature.toString());
  const file = await openRegularFile(archive);
  const { size } = await file.stat();
  return {
    files: [
      { ...{ kind: "archive", name: basename(archive), size, sha256 }, read: readFrom(file, archive) },
      ...(bytes ? [inMemory("manifest", basename(manifestPath(archive)), bytes)] : []),
      ...(signature ? [inMemory("signature", basename(signaturePath(archive)), signature)] : []),
    ],
    manifest,
    [Symbol.asyncDispose]: () => file.close(),
  };
}

/** A small file that is published. */
export function inMemory(kind: FileKind, name: string, bytes: Buffer): LocalFile {
  return {
    ...{ kind, name, size: bytes.length, sha256: digestText(bytes) },
    read: async (from, length) => bytes.subarray(from, from + length),
  };
}

function readFrom(file: FileHandle, path: string): LocalFile["read"] {
  return async (from, length) => {
    const bytes = Buffer.allocUnsafe(length);
    const { bytesRead } = await file.read(bytes, 0, length, from);
    if (bytesRead === length) return bytes;
    throw new AppError({
      code: "file-changed",
      message: `${path} has changed while it was published`,
      advice: "Publish it again.",
    });
  };
}

function otherManifest(archive: string): AppError {
  return new AppError({
    code: "usage",
    message: `the manifest beside ${archive} is of another archive`,
    advice: "Build the image again, or delete the manifest.",
  });
}

function nothingToSign(archive: string): AppError {
  return new AppError({
    code: "usage",
    message: `${archive} can't be signed: it has no manifest beside it`,
    advice: "Build the image again, with its recipe: Tinsmith then writes its manifest.",
  });
}
