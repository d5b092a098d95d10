import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "../../../shared/errors/errors.ts";
import { formatBytes } from "../../../shared/text/format.ts";
import type { ByteSource } from "../../file-systems/byte-source.ts";
import type { FileSystem } from "../../file-systems/file-system.ts";
import { createTemporaryFolder } from "../../files/writing/temporary-folder.ts";
import { openArchivedDisk } from "../../image/archive/archived-image.ts";
import { isKnownUnpacked, openUnpacked, spaceToOpen } from "../../image/archive/open-image.ts";
import { beginsFrame } from "../../image/compression/frame-magic.ts";
import { foreignHeaderLimit, formatOfDisk } from "../../image/disk/foreign-disk.ts";
import { type DiskFiles, importFirst, type OpenDisk, openDisk } from "../../image/disk/open-disk.ts";
import type { Paths } from "../../storage/paths.ts";
import { type Contents, createContents } from "./contents.ts";
import { openHostFile, readerSource } from "./host-file.ts";
import { type ListedFile, listFiles } from "./listed-files.ts";
import { type LevelContext, openLevel } from "./open-level.ts";
import { limitedSource } from "./work-limit.ts";

export interface OpenOptions {
  /**
   * Whether all files will be read, as by a search: then the disk of an image is unpacked into the cache. If only some will be, most
   * archives are read where they are.
   */
  readonly readsAll: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly onNote: (text: string) => void;
  /** Asks whether so many bytes of data may be unpacked into the cache, if they have to be; called for more than 1 GiB. Without it, they are. */
  readonly mayUnpack?: ((question: UnpackQuestion) => Promise<boolean> | boolean) | undefined;
}

/** An image, and the bytes of data on its disk. */
export interface UnpackQuestion {
  readonly archive: string;
  readonly bytes: number;
}

/** Bytes of data that are unpacked without a question. */
const freelyUnpacked = 1024 ** 3;

/**
 * Opens what a file of this host holds: an image archive, with the changes in its layer; or a disk, an ISO, a file system, or an archive
 * of files.
 *
 * @throws AppError `missing-file`, `invalid-archive`, `damaged-file-system`, `usage` if it holds no files, `not-confirmed` if it may not
 *   be unpacked
 */
export async function openContents(paths: Paths, path: string, options: OpenOptions): Promise<Contents> {
  const { signal, onNote } = options;
  await using cleanup = new AsyncDisposableStack();
  const { path: folder } = cleanup.use(createTemporaryFolder("contents", "looking into an image"));
  const file = limitedSource(cleanup.use(await openHostFile(path)));
  const context = { folder, cleanup, signal, decompressed: { bytes: 0 } };
  const magic = await file.read(0, 4);
  const system =
    magic.length === 4 && beginsFrame(magic.readUInt32LE())
      ? await openImageLevel(paths, path, { ...options, ...context })
      : await openLevel(await openForeign(file, path, context), context);
  if (!system) throw holdsNoFiles(path);
  return createContents(path, system, { ...context, onNote, cleanup: cleanup.move() });
}

/**
 * Asks whether the disk of an image may be unpacked, if it has more than 1 GiB of data that is not in the cache.
 *
 * @throws AppError `not-confirmed` if not; as `openUnpacked`
 */
export async function confirmUnpacking(
  paths: Paths,
  archive: string,
  { mayUnpack, signal }: Pick<OpenOptions, "mayUnpack" | "signal">,
): Promise<void> {
  const bytes = mayUnpack ? await spaceToOpen(paths, archive, signal) : 0;
  if (bytes > freelyUnpacked && !(await mayUnpack?.({ archive, bytes }))) throw notConfirmed(archive, bytes);
}

/**
 * Opens what a disk of this host holds, with the same tree as its archive's.
 *
 * @param name for errors
 * @throws AppError as `openDisk` and `OpenDisk.allocated` do
 */
export async function openDiskContents(
  disk: DiskFiles,
  signal?: AbortSignal,
  name = "path" in disk ? disk.path : "layer" in disk ? disk.layer : disk.qcow2,
): Promise<Contents> {
  await using cleanup = new AsyncDisposableStack();
  const { path: folder } = cleanup.use(createTemporaryFolder("contents", "looking into a disk"));
  const system = listFiles("image", [await openDiskFile(disk, { name, cleanup, signal })]);
  return createContents(name, system, {
    ...{ folder, signal, cleanup: cleanup.move(), decompressed: { bytes: 0 } },
  });
}

type ImageOptions = OpenOptions & { readonly folder: string; readonly cleanup: AsyncDisposableStack };

async function openImageLevel(paths: Paths, archive: string, options: ImageOptions): Promise<FileSystem> {
  const { cleanup, signal } = options;
  const { folder, backing } =
    (await openInPlace(paths, archive, options)) ?? (await openInCache(paths, archive, options));
  const layer = join(folder, "layer.qcow2");
  const disk = await openDiskFile({ layer, backing }, { name: archive, cleanup, signal });
  const machine = cleanup.use(await openHostFile(join(folder, "machine.json")));
  return listFiles("image", [{ name: "machine.json", allocated: machine.size, source: machine }, disk]);
}

/** An image that can be read. */
interface ReadableImage {
  /** Has layer.qcow2 and machine.json. */
  readonly folder: string;
  /** Its disk.img. */
  readonly backing: string | OpenDisk;
}

/** Opens an image for reading some of its files. @returns undefined if it has to be unpacked, or is in the cache */
async function openInPlace(
  paths: Paths,
  archive: string,
  { readsAll, folder: inFolder, signal, onNote }: ImageOptions,
): Promise<ReadableImage | undefined> {
  if (readsAll || (await isKnownUnpacked(paths, archive))) return undefined;
  const folder = join(inFolder, "archived");
  mkdirSync(folder);
  const backing = await openArchivedDisk({ archive, folder, signal, onNote });
  return backing && { folder, backing };
}

async function openInCache(
  paths: Paths,
  archive: string,
  { mayUnpack, folder, cleanup, signal, onNote }: ImageOptions,
): Promise<ReadableImage> {
  await confirmUnpacking(paths, archive, { mayUnpack, signal });
  const options = { archive, ownFolder: join(folder, "image"), signal, onNote };
  const image = cleanup.use(await openUnpacked(paths, options));
  return { folder: image.folder, backing: join(image.folder, "disk.img") };
}

/**
 * The disk in a file of this host: its bytes, or those that a qcow2 stands for.
 *
 * @throws AppError `usage` for a disk that can't be read
 */
async function openForeign(
  file: ByteSource,
  path: string,
  { cleanup, signal }: LevelContext,
): Promise<ByteSource> {
  const format = formatOfDisk(await file.read(0, foreignHeaderLimit));
  if (format === "raw") return file;
  if (format === "qcow2")
    return (await openDiskFile({ qcow2: path }, { name: path, cleanup, signal })).source;
  throw new AppError({
    code: "usage",
    message: `${path} is a disk in the format ${format.toUpperCase()}, which Tinsmith reads only in an import`,
    advice: importFirst(path),
  });
}

interface DiskOptions {
  /** For errors. */
  readonly name: string;
  readonly cleanup: AsyncDisposableStack;
  readonly signal?: AbortSignal | undefined;
}

async function openDiskFile(files: DiskFiles, { name, cleanup, signal }: DiskOptions): Promise<ListedFile> {
  const disk = cleanup.use(await openDisk(files));
  const data = await disk.allocated(signal);
  const { size } = disk;
  const nextData = async (offset: number) => Math.min(size, data.nextFrom(offset) ?? size);
  return {
    name: "disk.img",
    allocated: data.dataSize,
    source: limitedSource({ ...readerSource(disk, size, name), nextData }),
  };
}

function holdsNoFiles(path: string): AppError {
  return new AppError({
    code: "usage",
    message: `${path} holds no files that Tinsmith can read: it is not an image, a disk, a file system or an archive`,
    advice: "Give an image archive, a disk, an ISO, or a file such as .tcz, .tgz or an initrd.",
  });
}

function notConfirmed(archive: string, bytes: number): AppError {
  return new AppError({
    code: "not-confirmed",
    message: `the disk of ${archive} has ${formatBytes(bytes)} of data, which Tinsmith unpacks into the cache only if you say so`,
    advice: "Add --yes to unpack it.",
  });
}
