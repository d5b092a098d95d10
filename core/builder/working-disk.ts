import { copyFileSync, existsSync, mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { AppError } from "../../shared/errors/errors.ts";
import type { LongWork } from "../files/read-pieces.ts";
import { readTextFile } from "../files/text-file.ts";
import { copyLayer, diskOn, findUnpacked, type OpenedImage, openImage } from "../image/archive/open-image.ts";
import { createLayer } from "../image/disk/disk-image.ts";
import type { DiskFiles } from "../image/disk/open-disk.ts";
import type { Disk } from "../qemu/arguments/qemu-arguments.ts";
import { keptWorkFolder, type Paths } from "../storage/paths.ts";
import { type BuildSource, makeNewImage } from "./build-source.ts";
import { dropBootedGuest, findBootedGuest } from "./retry/booted-guest.ts";
import { workFiles } from "./retry/retry-work.ts";

/** The disk on which a build's guest works: until this is disposed of, all of it is there. */
export interface WorkingDisk extends Disposable {
  /** The folder of the machine definition, and of all that the guest writes. */
  readonly folder: string;
  readonly disk: Disk;
  /** The disk below the layer in the folder: of an image, or an empty one. */
  readonly backing?: string;
  /** The image, if the build started from one. */
  readonly image?: OpenedImage;
  /** Whether the disk is larger than the image's. */
  readonly isGrown?: boolean;
}

interface DiskContext extends LongWork {
  readonly paths: Paths;
  /** The session's folder for files that the build makes. */
  readonly working: string;
  /** The digests of images that a person has accepted; see `requireTrusted`. */
  readonly trusted?: readonly string[] | undefined;
  readonly onNote: (text: string) => void;
}

/**
 * Makes the disk: a new one, or a layer on the disk of an image, of which nothing is copied, and which may be larger. The disk of
 * a guest that has booted is there already.
 *
 * @throws AppError as `openImage` does; `usage` for a size that is smaller than the image's
 */
export async function makeWorkingDisk(source: BuildSource, context: DiskContext): Promise<WorkingDisk> {
  const folder = join(context.working, workFiles.image);
  if (isStillRight(source, context.working)) return newDisk(folder);
  await dropBootedGuest(context.working);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  if (source.kind === "new") {
    await makeNewImage(source, folder);
    // Only a layer can keep checkpoints.
    await createLayer(filesIn(folder).layer, statSync(filesIn(folder).raw).size);
    return newDisk(folder);
  }
  const opened = await openSource(source, context);
  const { layer, machine, digest } = filesIn(folder);
  const grown = grownSize(source, opened);
  if (grown === undefined) copyLayer(opened.emptyLayer, layer);
  else {
    await createLayer(layer, grown, context.signal);
    context.onNote(growthNote);
  }
  copyFileSync(join(opened.folder, "machine.json"), machine);
  writeFileSync(digest, opened.digest);
  return { ...layeredDisk(folder, opened), isGrown: grown !== undefined };
}

const growthNote =
  "The disk is larger than the image's. Its partitions and file systems have the size that they had, unless the guest makes them larger.";

/** Bytes of a disk that is to be larger than an image's. @returns undefined if it has the same size */
function grownSize(
  { archive, sizeGib }: BuildSource & { kind: "image" },
  { folder }: OpenedImage,
): number | undefined {
  if (sizeGib === undefined) return undefined;
  const { size } = statSync(filesIn(folder).raw);
  const wanted = sizeGib * bytesPerGib;
  if (wanted === size) return undefined;
  if (wanted > size) return wanted;
  const gib = Math.ceil((size / bytesPerGib) * 100) / 100;
  throw new AppError({
    code: "usage",
    message: `the disk of ${archive} has ${gib} GiB, and can't be made smaller: ${sizeGib} GiB were asked for`,
    advice: `Choose a size of at least ${Math.ceil(gib)} GiB.`,
  });
}

/**
 * Finds the disk on which the guest of an earlier try has done its work.
 *
 * @returns undefined when there is none. @throws AppError `file-changed` when the image that it started from is another one
 *   now
 */
export async function findWorkingDisk(
  source: BuildSource,
  context: DiskContext,
): Promise<WorkingDisk | undefined> {
  const folder = join(context.working, workFiles.image);
  const { layer, digest } = filesIn(folder);
  if (!existsSync(folder) || findBootedGuest(context.working)) return undefined;
  if (!existsSync(layer)) return rawDisk(folder);
  if (source.kind === "new") return newDisk(folder);
  const opened = await openSource(source, context);
  if (opened.digest === readTextFile(digest, { maximumBytes: 1024, code: "usage" }))
    return layeredDisk(folder, opened);
  opened[Symbol.dispose]();
  throw new AppError({
    code: "file-changed",
    message: `${source.archive} is not the image that the failed build started from`,
    advice: "Build again, without a retry.",
  });
}

/** A disk that a failed build has kept: the image below it stays until this is disposed of. */
export interface KeptDisk extends Disposable {
  readonly files: DiskFiles;
}

/**
 * Finds the disk that a failed build has kept, to read it.
 *
 * @param folder of the session, of its kept work, or of the disk itself
 * @throws AppError `usage` for a folder without one, `missing-file` if the image below it is not in the cache any more
 */
export async function findKeptDisk(
  paths: Paths,
  folder: string,
  onNote: (text: string) => void,
): Promise<KeptDisk> {
  const { image } = workFiles;
  const places = [folder, join(folder, image), join(folder, keptWorkFolder, image)];
  const own = places.find((place) => existsSync(filesIn(place).layer) || existsSync(filesIn(place).raw));
  if (own === undefined) throw noKeptDisk(folder);
  const { layer, raw, digest } = filesIn(own);
  const snapshot = findBootedGuest(dirname(own))?.moment.tag;
  const none = () => {};
  if (!existsSync(layer)) return { files: { path: raw }, [Symbol.dispose]: none };
  if (existsSync(raw)) return { files: { layer, backing: raw, snapshot }, [Symbol.dispose]: none };
  const below = existsSync(digest) ? readTextFile(digest, { maximumBytes: 1024, code: "usage" }) : "none";
  const opened = await findUnpacked(paths, below, onNote);
  if (!opened) throw imageIsGone(folder);
  return {
    files: { ...diskOn(opened, layer), snapshot },
    [Symbol.dispose]: opened[Symbol.dispose],
  };
}

function noKeptDisk(folder: string): AppError {
  return new AppError({
    code: "usage",
    message: `${folder} has no disk that a failed build has kept`,
    advice: "tinsmith sessions --all lists the sessions that can be retried: these may have one.",
  });
}

function imageIsGone(folder: string): AppError {
  return new AppError({
    code: "missing-file",
    message: `the image below the disk in ${folder} is not in the cache any more`,
    advice: "Try the build again with --retry: that unpacks the image.",
  });
}

/** Whether there is a guest that has booted with a disk of the size that is wanted. */
function isStillRight(source: BuildSource, working: string): boolean {
  const { raw } = filesIn(join(working, workFiles.image));
  return (
    source.kind === "new" &&
    findBootedGuest(working) !== undefined &&
    statSync(raw).size === source.sizeGib * bytesPerGib
  );
}

const bytesPerGib = 1024 ** 3;

async function openSource(
  { archive }: BuildSource & { kind: "image" },
  { paths, working, ...context }: DiskContext,
): Promise<OpenedImage> {
  return await openImage(paths, { archive, ownFolder: join(working, "unpacked"), ...context });
}

function filesIn(folder: string) {
  return {
    raw: join(folder, "disk.img"),
    layer: join(folder, "layer.qcow2"),
    machine: join(folder, "machine.json"),
    /** The digest of the archive whose disk is below the layer. */
    digest: join(folder, "backing"),
  };
}

/** A disk as older versions of Tinsmith have kept it. */
function rawDisk(folder: string): WorkingDisk {
  return { folder, disk: { path: filesIn(folder).raw }, [Symbol.dispose]: () => {} };
}

function newDisk(folder: string): WorkingDisk {
  const { layer, raw: backing } = filesIn(folder);
  return { folder, disk: { layer, backing }, backing, [Symbol.dispose]: () => {} };
}

function layeredDisk(folder: string, opened: OpenedImage): WorkingDisk {
  const disk = diskOn(opened, filesIn(folder).layer);
  return { folder, disk, backing: disk.backing, image: opened, [Symbol.dispose]: opened[Symbol.dispose] };
}
