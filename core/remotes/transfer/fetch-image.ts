import { existsSync, statSync } from "node:fs";
import { AppError } from "../../../shared/errors/errors.ts";
import { formatAddress, type RemoteAddress } from "../../../shared/remotes/address.ts";
import type { Signer } from "../../../shared/remotes/inspected-remote.ts";
import { replaceFile } from "../../files/writing/replace-file.ts";
import { partialPath } from "../../files/writing/temporary-names.ts";
import { digestArchive } from "../../image/archive/archive-digest.ts";
import { inspectArchive } from "../../image/archive/inspect-archive.ts";
import { manifestPath, removeManifest, signaturePath } from "../../manifest/manifest-file.ts";
import { fetchFile } from "../../network/fetching/fetch-file.ts";
import { PartialDownload } from "../../network/fetching/partial-download.ts";
import { ChangedMeanwhile } from "../../network/fetching/remote-file.ts";
import { readArchiveFacts } from "../../signature/archive-signature.ts";
import type { RemoteContext, RemoteImage } from "../remote.ts";
import { type ImageFacts, readImageFacts } from "./image-facts.ts";
import { openRemote } from "./open-remote.ts";

/** The number of parts that are fetched at once. */
const streams = 4;

interface FetchOptions extends RemoteContext {
  /** The file of the allowed signers, in place of that of the user. */
  readonly allowedSigners?: string | undefined;
  readonly onProgress?: (done: number, total: number | undefined) => void;
}

/** An image that was fetched. */
export interface FetchedImage {
  readonly path: string;
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
  /** The address of this very content, if there is one. */
  readonly pinned: string | undefined;
  readonly signer: Signer | undefined;
  /** Whether the archive was there before, so that nothing of it was fetched. */
  readonly wasThere: boolean;
}

/**
 * Fetches an image with its manifest and signature. Its archive has its name only when its digest is right; parts of it that
 * are there after an interruption, even by SIGKILL, are not fetched again.
 *
 * @param findTarget decides the archive's path by the name that the remote has for it
 * @throws AppError as the remote does; `file-changed` when the archive is another one than its digest says, `not-trusted` for a
 *   wrong signature, `invalid-archive` for one without a digest that is not an image, `no-space`, `busy`
 */
export async function fetchImage(
  address: RemoteAddress,
  findTarget: (name: string | undefined) => string,
  { allowedSigners, onProgress, ...context }: FetchOptions,
): Promise<FetchedImage> {
  const { paths, signal } = context;
  await using remote = await openRemote(address, "fetch", context);
  const image = await remote.find();
  const target = findTarget(safeName(image.fileName));
  const facts = await readImageFacts(address, image, allowedSigners ?? paths.allowedSigners, context);
  const isThere = existsSync(target) && (await digestArchive(paths, target, signal)) === facts.sha256;
  const sha256 =
    isThere && facts.sha256 !== undefined
      ? facts.sha256
      : await fetchArchive(address, image, target, { facts, onProgress, ...context });
  writeFacts(target, image, facts);
  const { pinned = pinnedBy(address, sha256) } = image;
  return {
    path: target,
    sha256,
    size: statSync(target).size,
    pinned,
    signer: facts.signer,
    wasThere: isThere,
  };
}

type ArchiveOptions = RemoteContext & Pick<FetchOptions, "onProgress"> & { readonly facts: ImageFacts };

/** @returns the archive's SHA-256 */
async function fetchArchive(
  address: RemoteAddress,
  { archive, version }: RemoteImage,
  target: string,
  { facts: { sha256 }, onProgress, ...context }: ArchiveOptions,
): Promise<string> {
  const { signal } = context;
  const name = formatAddress(address);
  // Without a digest and a version, parts of one try may not fit those of another one.
  const identity = sha256 ?? (version && `${name} ${version}`) ?? `${name} ${Date.now()}`;
  await using partial = await PartialDownload.open(partialPath(target), { name, identity });
  for (let isFresh = partial.parts.bytes === 0; ; isFresh = true) {
    await fetchFile(archive, partial, { ...context, streams, onProgress }).catch((error) =>
      Promise.reject(error instanceof ChangedMeanwhile ? changedThere(name) : error),
    );
    const digest = await partial.digest(signal);
    if (digest === sha256) break;
    if (sha256 === undefined) {
      await inspectArchive({ archive: partial.path, signal });
      context.onNote(
        `Nothing says which SHA-256 ${name} must have, so Tinsmith has only checked that it is an image.`,
      );
      await partial.commit(target);
      return digest;
    }
    // Parts of an earlier try may have been damaged since.
    await partial.clear();
    if (isFresh) {
      await partial.remove();
      throw otherArchive(name, sha256, digest);
    }
  }
  await partial.commit(target);
  return sha256;
}

/** Writes the manifest and the signature beside an archive, unless they are there. */
function writeFacts(target: string, { manifest, signature }: RemoteImage, facts: ImageFacts): void {
  const kept = readArchiveFacts(target);
  const isSame = (one: Buffer | undefined, other: Buffer | undefined) =>
    one === other || (one !== undefined && other?.equals(one) === true);
  const wanted = facts.manifest ? { manifest, signature } : {};
  if (isSame(wanted.manifest, kept.manifest) && isSame(wanted.signature, kept.signature)) return;
  removeManifest(target);
  const { manifest: text, signature: proof } = wanted;
  if (text) replaceFile(manifestPath(target), () => text.toString());
  if (proof) replaceFile(signaturePath(target), () => proof.toString());
}

/** A name from a remote that can be that of a new file: without a folder, and not hidden. */
function safeName(name: string | undefined): string | undefined {
  return name !== undefined && /^\w[\w.+-]{0,200}\.tar\.(?:lz4|zst)$/.test(name) ? name : undefined;
}

function pinnedBy(address: RemoteAddress, sha256: string): string | undefined {
  return address.kind === "oci" ? undefined : formatAddress({ ...address, sha256 });
}

function otherArchive(name: string, sha256: string, digest: string): AppError {
  return new AppError({
    code: "file-changed",
    message: `${name} is refused: its archive has another SHA-256 than expected`,
    advice: "It was damaged or changed at the remote. Publish it again, or ask its author.",
    details: [`expected sha256 ${sha256}`, `received sha256 ${digest}`],
  });
}

function changedThere(name: string): AppError {
  return new AppError({
    code: "file-changed",
    message: `${name} changed on the server while it was fetched`,
    advice: "Fetch it again.",
  });
}
