import { chmodSync, constants, copyFileSync, existsSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { z } from "zod";
import { AppError, toAppError } from "../../../shared/errors/errors.ts";
import { isCacheTrouble } from "../../cache/cache-trouble.ts";
import { findEntry, type HeldEntry, hasEntry } from "../../cache/find-entry.ts";
import { findOrMakeEntry } from "../../cache/make-entry.ts";
import type { LongWork } from "../../files/read-pieces.ts";
import { readTextFile } from "../../files/text-file.ts";
import { describeSigner, requireTrusted } from "../../signature/archive-trust.ts";
import type { Paths } from "../../storage/paths.ts";
import { createLayer, virtualSizeOfRaw } from "../disk/disk-image.ts";
import { digestArchive, knownDigest } from "./archive-digest.ts";
import { archivedDiskData } from "./archived-disk.ts";
import { extractArchive } from "./extract-archive.ts";

interface OpenOptions extends LongWork {
  readonly archive: string;
  /** The digests of images that a person has accepted; see `requireTrusted`. */
  readonly trusted?: readonly string[] | undefined;
  /** A folder for the image's files if the cache can't take them: it is emptied first. */
  readonly ownFolder: string;
  /** Called with notes for the person. */
  readonly onNote?: ((text: string) => void) | undefined;
}

/** An archive's image, unpacked, which many processes use at once. It stays until this is disposed of. */
export interface OpenedImage extends Disposable {
  /** Has disk.img, which nobody writes to, and layer.qcow2 and machine.json as they are in the archive. */
  readonly folder: string;
  /** The archive's own layer. */
  readonly layer: string;
  /** A layer on disk.img without any changes. */
  readonly emptyLayer: string;
  /** SHA-256 of the archive, in hexadecimal. */
  readonly digest: string;
}

/**
 * Opens an image for a virtual machine: unpacks its archive into the cache, or finds it unpacked there. If the cache can't
 * take it, for want of space for example, it is unpacked into a folder of the caller's.
 *
 * @throws AppError as `extractArchive` and `requireTrusted` do, `file-changed` when the archive changes meanwhile
 */
export async function openImage(paths: Paths, options: OpenOptions): Promise<OpenedImage> {
  const { archive, trusted, signal, onNote } = options;
  const digest = await digestArchive(paths, archive, signal);
  const { warning, signer } = await requireTrusted(paths, archive, digest, trusted, signal);
  if (warning) onNote?.(warning);
  if (signer) onNote?.(describeSigner(archive, signer));
  return await openUnpacked(paths, options, digest);
}

/** Opens an image as `openImage` does, to read it: it need not be trusted. @param known its digest, if it is known */
export async function openUnpacked(
  paths: Paths,
  options: Omit<OpenOptions, "trusted">,
  known?: string,
): Promise<OpenedImage> {
  const { archive, ownFolder, signal, onNote } = options;
  const digest = known ?? (await digestArchive(paths, archive, signal));
  const entry = await unpackIntoCache(paths, digest, options).catch((thrown) => {
    signal?.throwIfAborted();
    // A few archives have such errors, too, which then come again.
    if (!isCacheTrouble(thrown)) throw thrown;
    const { message } = toAppError(thrown);
    onNote?.(`${archive} is unpacked for this session only, because the cache can't take it: ${message}.`);
    return undefined;
  });
  if (!entry) {
    rmSync(ownFolder, { recursive: true, force: true });
    await unpack(options, digest, ownFolder);
  }
  const folder = entry?.folder ?? ownFolder;
  for (const note of readNotes(folder)) onNote?.(note);
  return openedIn(folder, digest, entry);
}

/** Finds the image of that digest in the cache. @returns undefined when it is not unpacked there */
export async function findUnpacked(
  paths: Paths,
  digest: string,
  onNote?: (text: string) => void,
): Promise<OpenedImage | undefined> {
  const entry = await findEntry(paths, { kind: "image", key: digest }, { onNote });
  return entry && openedIn(entry.folder, digest, entry);
}

/**
 * Opens the image of that digest as `openImage` does, also after its archive was replaced, as long as it is in the cache.
 *
 * @throws AppError `file-changed` when it is nowhere any more; as `openImage`
 */
export async function openSameImage(
  paths: Paths,
  digest: string,
  options: OpenOptions,
): Promise<OpenedImage> {
  const { archive, onNote, signal } = options;
  const found = await findUnpacked(paths, digest, onNote);
  if (found) return found;
  if (existsSync(archive) && (await digestArchive(paths, archive, signal)) === digest)
    return await openImage(paths, options);
  throw new AppError({
    code: "file-changed",
    message: `${archive} is not the image that it was: it was built again, replaced or deleted`,
    advice: "Put the earlier image back in its place.",
  });
}

function openedIn(folder: string, digest: string, entry: HeldEntry | undefined): OpenedImage {
  return {
    folder: join(folder, names.image),
    layer: join(folder, names.image, "layer.qcow2"),
    emptyLayer: join(folder, names.emptyLayer),
    digest,
    [Symbol.dispose]: () => entry?.[Symbol.dispose](),
  };
}

/** Whether an archive's image is in the cache, as far as that is known without reading the archive. @throws AppError as `openImage` */
export async function isKnownUnpacked(paths: Paths, archive: string): Promise<boolean> {
  const key = await knownDigest(paths, archive);
  return key !== undefined && hasEntry(paths, { kind: "image", key });
}

/** Bytes that opening an archive's image takes on the disk: none, if it is in the cache. @throws AppError as `openImage` */
export async function spaceToOpen(paths: Paths, archive: string, signal?: AbortSignal): Promise<number> {
  const name = { kind: "image", key: await digestArchive(paths, archive, signal) } as const;
  return hasEntry(paths, name) ? 0 : await archivedDiskData(archive);
}

/** The disk of a virtual machine: an image's, with its changes in a layer. */
export function diskOn(
  { folder }: Pick<OpenedImage, "folder">,
  layer: string,
): { readonly layer: string; readonly backing: string } {
  return { layer, backing: join(folder, "disk.img") };
}

/** Copies a layer for a virtual machine, which writes to the copy: a file of no content has some 200 kB. */
export function copyLayer(layer: string, target: string): void {
  copyFileSync(layer, target, constants.COPYFILE_FICLONE);
}

/** Digits of a digest that tell images of one name apart. */
const shownDigits = 12;

const names = { image: "image", emptyLayer: "empty.qcow2", notes: "notes.json" } as const;

async function unpackIntoCache(paths: Paths, digest: string, options: OpenOptions): Promise<HeldEntry> {
  const { archive, signal, onNote } = options;
  const name = { kind: "image", key: digest } as const;
  // The usual case, in which the archive need not be looked at.
  const found = await findEntry(paths, name, { onNote });
  if (found) return found;
  return await findOrMakeEntry(paths, {
    ...name,
    what: `the disk of ${basename(archive)}, ${digest.slice(0, shownDigits)}`,
    image: { archive: resolve(archive), digest },
    bytes: await archivedDiskData(archive),
    make: (folder) => unpack(options, digest, folder),
    signal,
    onNote,
    onWait: onNote,
  });
}

async function unpack(
  { archive, signal, onProgress }: OpenOptions,
  digest: string,
  folder: string,
): Promise<void> {
  const target = join(folder, names.image);
  const image = await extractArchive({ archive, folder: target, signal, onProgress });
  if (image.digest !== digest) throw archiveChanged(archive);
  const disk = join(target, "disk.img");
  const size = image.entries.find(({ name }) => name === "disk.img")?.size ?? 0;
  await createLayer(join(folder, names.emptyLayer), virtualSizeOfRaw(size), signal);
  if (image.notes.length > 0) writeFileSync(join(folder, names.notes), JSON.stringify(image.notes));
  chmodSync(disk, 0o444);
}

function readNotes(folder: string): readonly string[] {
  const path = join(folder, names.notes);
  if (!existsSync(path)) return [];
  const text = readTextFile(path, { maximumBytes: 2 ** 20, code: "usage" });
  return z.array(z.string()).parse(JSON.parse(text));
}

function archiveChanged(archive: string): AppError {
  return new AppError({
    code: "file-changed",
    message: `${archive} changed while it was unpacked`,
    advice: "Wait until it is written, then try again.",
  });
}
