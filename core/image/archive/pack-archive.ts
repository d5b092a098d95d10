import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { AppError } from "../../../shared/errors/errors.ts";
import { hasErrorCode } from "../../../shared/errors/system-error.ts";
import { imageSizeLimit, type PackedArchive } from "../../../shared/library/image-archive.ts";
import { formatMachine } from "../../../shared/machine/machine.ts";
import { digestFile } from "../../files/digest.ts";
import { targetExists } from "../../files/disk-errors.ts";
import { requireWritableFolder } from "../../files/folders.ts";
import { freeMemory } from "../../files/free-memory.ts";
import type { LongWork } from "../../files/read-pieces.ts";
import { PartialFile } from "../../files/writing/partial-file.ts";
import { compress, formatForName } from "../compression/compression.ts";
import { mapInOrder } from "../compression/ordered-map.ts";
import { type DiskReader, dataExtents, readExtents } from "../disk/disk-data.ts";
import { createLayer, virtualSizeOfRaw } from "../disk/disk-image.ts";
import type { ExtentList } from "../disk/extents.ts";
import { openDisk } from "../disk/open-disk.ts";
import { explainFailure } from "../image-errors.ts";
import { readMachineFile } from "../read-machine.ts";
import { fileHeader, sparseFileHeader, tarEnd } from "../tar/sparse-tar-writer.ts";
import { tarPadding } from "../tar/tar-header.ts";

export interface PackOptions extends LongWork {
  /**
   * Has disk.img and machine.json. A layer.qcow2 in it is not looked at, unless `backing` is given: the archive gets a new,
   * empty one.
   */
  readonly folder: string;
  /** The raw disk, if it is elsewhere, and the folder's layer.qcow2 has the changes to it. An absolute path. */
  readonly backing?: string | undefined;
  /** Ends in `.tar.lz4` or `.tar.zst`. An archive of that name is replaced once the new one is whole. */
  readonly target: string;
  /** Whether a file of that name, which may have appeared meanwhile, stays, and packing fails. */
  readonly isNew?: boolean | undefined;
  /** Called with notes about the leftovers of a killed process that were removed. */
  readonly onNote?: ((text: string) => void) | undefined;
  /** Called at once when the archive has its name: from then on it stays, even if this process is killed. */
  readonly onNamed?: ((packed: PackedArchive) => void) | undefined;
}

/**
 * Packs a disk and its machine definition, and reads the archive back before it gets its name. The same content gives
 * the same bytes. Progress counts the disk's allocated bytes three times: looked at, written, and read back.
 *
 * @throws AppError `usage` for another name or a disk that is too large, `missing-file`, `file-exists` if the archive has to be new, `invalid-machine`,
 *   `invalid-archive` when what is read back differs, `busy` when somebody else packs to that name or
 *   the disk changes meanwhile, `command-failed` when qemu-img can't open the disk, `missing-tool`, `no-permission`, `no-space`, `interrupted`
 */
export async function packArchive({
  folder,
  backing,
  target,
  isNew,
  signal,
  onProgress,
  onNote,
  onNamed,
}: PackOptions): Promise<PackedArchive> {
  const format = formatForName(target);
  try {
    requireWritableFolder(dirname(target));
    const machine = Buffer.from(formatMachine(readMachineFile(join(folder, "machine.json"))));
    const path = backing ?? join(folder, "disk.img");
    await using disk = await openDisk(backing ? { layer: join(folder, "layer.qcow2"), backing } : { path });
    const { size: diskSize } = disk;
    if (diskSize === 0) throw emptyDisk(path);
    if (diskSize >= imageSizeLimit) throw diskTooLarge(path);

    await using partial = await PartialFile.create(target, onNote);
    const layer = await makeLayer(partial, virtualSizeOfRaw(diskSize), signal);
    const allocated = await disk.allocated(signal);
    const report = (phase: 0 | 1 | 2, done: number, of: number) => {
      signal?.throwIfAborted();
      onProgress?.(Math.round((phase + done / of) * allocated.dataSize), 3 * allocated.dataSize);
    };
    const extents = await dataExtents(disk, allocated, {
      onRead: (done) => report(0, done, allocated.dataSize),
    });
    const content = tarContent(machine, layer, { reader: disk, size: diskSize, extents }, (done) =>
      report(1, done, extents.dataSize),
    );

    const { size, digest } = await writeFrames(compress(content, format), partial);
    const [digestOnDisk] = await Promise.all([
      digestFile(partial.path, { signal, onProgress: (done, of) => report(2, done, of) }),
      partial.sync(),
    ]);
    if (digestOnDisk !== digest) throw notWhatWasWritten(partial.path);
    if (!(await disk.isUnchanged())) throw diskChanged();
    const packed = { path: target, format, size, digest };
    const tellNamed = () => onNamed?.(packed);
    if (isNew) await partial.commitAsNew(tellNamed);
    else await partial.commit(tellNamed);
    return packed;
  } catch (thrown) {
    if (isNew && hasErrorCode(thrown, "EEXIST")) throw targetExists(target);
    throw explainFailure(thrown, { doing: `packing ${target}`, signal });
  }
}

/** The limit of the size of an empty layer for the largest disk. Bytes. */
const layerRoom = 256 * 1024;

/**
 * A new layer, as bytes. qemu-img can only write it to a file: the archive's own, before it is begun, is the one that
 * a killed process does not leave for good.
 */
async function makeLayer(partial: PartialFile, virtualSize: number, signal?: AbortSignal): Promise<Buffer> {
  // A full disk shows here, where the error can say what to do about it.
  await partial.write(Buffer.alloc(layerRoom), 0);
  await createLayer(partial.path, virtualSize, signal);
  const layer = await readFile(partial.path);
  await partial.clear();
  return layer;
}

interface Disk {
  readonly reader: DiskReader;
  readonly size: number;
  readonly extents: ExtentList;
}

/** The tar archive: small files first, so that a reader can refuse it early. */
async function* tarContent(
  machine: Buffer,
  layer: Buffer,
  disk: Disk,
  onRead: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  yield* fileEntry("machine.json", machine);
  yield* fileEntry("layer.qcow2", layer);
  yield* sparseFileHeader("disk.img", disk.size, disk.extents);
  let done = 0;
  for await (const { bytes } of readExtents(disk.reader, disk.extents)) {
    yield bytes;
    done += bytes.length;
    onRead(done);
  }
  yield Buffer.alloc(tarPadding(done));
  yield tarEnd;
}

function fileEntry(name: string, content: Buffer): Buffer[] {
  return [fileHeader(name, content.length), content, Buffer.alloc(tarPadding(content.length))];
}

async function writeFrames(
  frames: AsyncIterable<Uint8Array>,
  file: PartialFile,
): Promise<{ readonly size: number; readonly digest: string }> {
  const hash = createHash("sha256");
  let size = 0;
  const write = async (frame: Uint8Array) => {
    const position = size;
    size += frame.length;
    hash.update(frame);
    await file.write(frame, position);
    freeMemory(frame);
  };
  // The next frame is fetched while one is written.
  for await (const _ of mapInOrder(frames, 2, write));
  return { size, digest: hash.digest("hex") };
}

function emptyDisk(path: string): AppError {
  return new AppError({
    code: "usage",
    message: `${path} is empty`,
    advice: "Pack a disk that a guest was installed on; tinsmith build from-new makes one.",
  });
}

function diskTooLarge(path: string): AppError {
  const message = `${path} has 50 GiB or more`;
  return new AppError({ code: "usage", message, advice: "Pack an image with a smaller one." });
}

function notWhatWasWritten(path: string): AppError {
  return new AppError({
    code: "invalid-archive",
    message: `${path} was not written correctly: other bytes were read back`,
    advice: "The disk or the memory may be failing. Pack to another disk.",
  });
}

function diskChanged(): AppError {
  return new AppError({
    code: "busy",
    message: "disk.img changed while it was packed",
    advice: "Stop the virtual machine or program that writes to it, then pack it again.",
  });
}
