import { createWriteStream, mkdirSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { pipeline } from "node:stream/promises";
import { AppError } from "../../../shared/errors/errors.ts";
import type { Manifest } from "../../../shared/library/manifest.ts";
import { formatMachine } from "../../../shared/machine/machine.ts";
import { digestFile } from "../../files/digest.ts";
import { requireSpace } from "../../files/free-space.ts";
import { requireRegularFile } from "../../files/regular-file.ts";
import { requireNewFile } from "../../files/writing/new-target.ts";
import { createTemporaryFolder } from "../../files/writing/temporary-folder.ts";
import { openUnpacked } from "../../image/archive/open-image.ts";
import type { PackOptions } from "../../image/archive/pack-archive.ts";
import { formatForName } from "../../image/compression/compression.ts";
import { convertDisk, sizesOfDisk } from "../../image/disk/convert-disk.ts";
import { readMachineFile } from "../../image/read-machine.ts";
import type { Paths } from "../../storage/paths.ts";
import { digestSource } from "../digest-source.ts";
import { readAll } from "../read-all.ts";
import type { Contents } from "../tree/contents.ts";
import { openHostFile } from "../tree/host-file.ts";
import { openDiskContents } from "../tree/open-contents.ts";
import { withinLimit } from "../tree/work-limit.ts";
import { findTarget } from "./find-target.ts";
import { fixedSeconds } from "./new-file.ts";
import { rewriteArchive } from "./rewrite-archive.ts";
import { writeExt } from "./write-ext.ts";
import { writeFat } from "./write-fat.ts";
import { notWritable, requireRoom } from "./write-tools.ts";

/** A file of this host, and the path in an image that it is put to. */
export interface Put {
  readonly file: string;
  /** As `findTarget` takes it. */
  readonly path: string;
}

/** The archive of which another one is a changed copy, and the changes. */
type Origin = NonNullable<Manifest["origin"]>;
type ImageChange = Origin["changes"][number];

interface ChangeOptions<Packed> {
  readonly archive: string;
  /** A new archive. */
  readonly target: string;
  readonly puts: readonly Put[];
  /** Packs the raw disk in a folder. */
  readonly pack: (options: PackOptions, origin: Origin) => Promise<Packed>;
  readonly signal?: AbortSignal | undefined;
  readonly onNote: (text: string) => void;
}

/**
 * Makes a copy of an image in which files are replaced or added, without booting anything. The image stays as it is, and nothing is
 * left of a copy that fails. Tinsmith's own readers read the written files again.
 *
 * @throws AppError `file-exists`, `no-space`, `usage` for a file that can't be put there, `damaged-file-system`, `missing-tool`; as
 *   `openUnpacked` and `pack`
 */
export async function changeImage<Packed>(
  paths: Paths,
  { archive, target, puts, pack, signal, onNote }: ChangeOptions<Packed>,
): Promise<{ readonly packed: Packed; readonly origin: Origin }> {
  formatForName(target);
  requireNewFile(target);
  for (const { file } of puts) requireRegularFile(file);
  using temporary = createTemporaryFolder("change", "the change of an image", dirname(target));
  const [ownFolder, folder] = ["unpacked", "image"].map((name) => join(temporary.path, name)) as [
    string,
    string,
  ];
  using image = await openUnpacked(paths, { archive, ownFolder, signal, onNote });
  const layer = { path: image.layer, format: "qcow2" } as const;
  const disk = join(image.folder, "disk.img");
  const { allocated } = await sizesOfDisk({ path: disk, format: "raw" }, signal);
  const added = puts.reduce((sum, { file }) => sum + statSync(file).size, 0);
  await requireSpace("the copy", [{ folder: dirname(target), bytes: 2 * (allocated + 2 * added) }]);
  mkdirSync(folder);
  const machine = readMachineFile(join(image.folder, "machine.json"));
  writeFileSync(join(folder, "machine.json"), formatMachine(machine));
  const work: Work = { archive, folder, disk: join(folder, "disk.img"), signal };
  await convertDisk(layer, { path: work.disk, format: "raw" }, signal);
  const changes: ImageChange[] = [];
  for (const put of puts) changes.push(await performPut(work, put, changes));
  await requireWritten(work, changes);
  const origin = { name: basename(archive), sha256: image.digest, changes };
  return { packed: await pack({ folder, target, isNew: true, signal, onNote }, origin), origin };
}

/** A copy of an image that is being changed. */
interface Work {
  /** For errors. */
  readonly archive: string;
  readonly folder: string;
  /** The raw disk in the folder. */
  readonly disk: string;
  readonly signal: AbortSignal | undefined;
}

/** @param before the changes that were made before this one */
async function performPut(
  work: Work,
  { file, path }: Put,
  before: readonly ImageChange[],
): Promise<ImageChange> {
  const { archive, folder, disk, signal } = work;
  using own = createTemporaryFolder("put", `the change of ${path}`, folder);
  await using contents = await openDiskContents({ path: disk }, signal, archive);
  const target = await withinLimit(`finding ${path} in ${archive}`, signal, () =>
    findTarget(contents, path, Buffer.from(basename(file))),
  );
  if (before.some((change) => change.path === target.path)) throw twice(target.path);
  // A copy of it takes time and space. In an archive it may become smaller.
  if (!target.inner) requireRoom(target, statSync(file).size);
  const given = "given";
  const size = await copyFile(file, join(own.path, given), signal);
  const { mode } = statSync(file);
  const content = { name: given, size, mode: mode & permissionBits };
  const written = target.inner
    ? await rewriteArchive(contents, target.inner, { folder: own.path, content, signal })
    : content;
  requireRoom(target, written.size);
  utimesSync(join(own.path, written.name), fixedSeconds, fixedSeconds);
  const change = {
    folder: own.path,
    // A name that no folder can give a meaning.
    disk: relative(own.path, disk),
    offset: target.offset,
    content: written,
    shown: target.path,
    signal,
  };
  const { format } = target.system;
  const write = format.startsWith("ext") ? writeExt : format.startsWith("FAT") ? writeFat : undefined;
  if (!write) throw notWritable(target.path, `its file system is ${format}, which Tinsmith does not write`);
  await write(await contents.open(target.holder), target.file, change);
  const { replaced } = target.inner?.file ?? target.file;
  const sha256 = await digestFile(join(own.path, given), signal && { signal });
  return { path: target.path, change: replaced ? "replaced" : "added", size, sha256 };
}

const permissionBits = 0o7777;

/** Copies a file that may change meanwhile: the copy is what is written. @returns its bytes */
async function copyFile(path: string, target: string, signal: AbortSignal | undefined): Promise<number> {
  await using file = await openHostFile(path);
  await pipeline(readAll(file), createWriteStream(target), signal ? { signal } : {});
  return statSync(target).size;
}

/** Reads the changed files again. @throws AppError `command-failed` if they have another content than was written */
async function requireWritten(
  { archive, disk, signal }: Work,
  changes: readonly ImageChange[],
): Promise<void> {
  await using contents = await openDiskContents({ path: disk }, signal, archive);
  for (const { path, sha256 } of changes)
    await withinLimit(`reading ${path} again`, signal, async () => {
      const digest = await digestAt(contents, path).catch((cause) => {
        signal?.throwIfAborted();
        throw notWritten(path, cause);
      });
      if (digest !== sha256) throw notWritten(path);
    });
}

async function digestAt(contents: Contents, path: string): Promise<string> {
  return await digestSource(await contents.open(await contents.find(path)));
}

function notWritten(path: string, cause?: unknown): AppError {
  return new AppError(
    {
      code: "command-failed",
      message: `${path} was not written: its file system may be full`,
      advice: "Boot the image, and change the file in its guest.",
    },
    { cause },
  );
}

function twice(path: string): AppError {
  return new AppError({
    code: "usage",
    message: `${path} is written twice`,
    advice: "Name it once.",
  });
}
