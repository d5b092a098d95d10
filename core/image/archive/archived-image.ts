import type { FileHandle } from "node:fs/promises";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { openRegularFile } from "../../files/regular-file.ts";
import { ByteReader, type ReadableBytes, skippablePieces } from "../byte-reader.ts";
import { Lz4Content } from "../compression/lz4-content.ts";
import { type OpenDisk, watchFile } from "../disk/open-disk.ts";
import { explainFailure, invalidArchive } from "../image-errors.ts";
import { endOfEntry } from "../tar/sparse-tar-reader.ts";
import { tarEnd } from "../tar/sparse-tar-writer.ts";
import type { ArchiveEntry } from "./allowed-entries.ts";
import { checkArchiveSize, noChecksums, readEntries } from "./archive-reader.ts";
import { writeEntry } from "./extract-archive.ts";

interface ReadOptions {
  readonly archive: string;
  /** An empty folder for layer.qcow2 and machine.json. */
  readonly folder: string;
  readonly signal?: AbortSignal | undefined;
  /** Called with notes for the person. */
  readonly onNote?: ((text: string) => void) | undefined;
}

/** A layer with more data than this is unpacked with its disk. Bytes. */
const maximumCopied = 64 * 1024 * 1024;
/** Bytes of the archive's content that are decompressed at once, at most, to read headers and small files. */
const pieceSize = 256 * 1024;

/**
 * Opens the disk in an archive without unpacking it: only those parts of the archive are decompressed that are read. Damage to other
 * parts is not found.
 *
 * @returns disk.img, which has the archive open; undefined if the archive has to be unpacked: it is not in LZ4 frames of independent
 *   blocks, or its layer holds much data
 * @throws AppError `invalid-archive` or `invalid-machine` when the archive is refused, `missing-file`, `interrupted`; so do reads
 */
export async function openArchivedDisk(options: ReadOptions): Promise<OpenDisk | undefined> {
  const { archive, signal } = options;
  const explain = (thrown: unknown) =>
    explainFailure(thrown, { doing: `reading ${archive}`, archive, signal });
  await using cleanup = new AsyncDisposableStack();
  try {
    const file = cleanup.use(await openRegularFile(archive));
    const { size } = await file.stat();
    checkArchiveSize(size);
    const isUnchanged = await watchFile(file);
    const content = await Lz4Content.open(readable(file, size, signal));
    const entry = content && (await findDisk(content, options));
    if (!entry) return undefined;
    const owned = cleanup.move();
    return {
      size: entry.size,
      read: (...where) => readDisk(content, entry, where).catch((error) => Promise.reject(explain(error))),
      allocated: async () => entry.extents,
      isUnchanged,
      [Symbol.asyncDispose]: () => owned.disposeAsync(),
    };
  } catch (thrown) {
    throw explain(thrown);
  }
}

function readable(file: FileHandle, size: number, signal: AbortSignal | undefined): ReadableBytes {
  return {
    size,
    read: async (offset, length) => {
      signal?.throwIfAborted();
      const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(length), 0, length, offset);
      return buffer.subarray(0, bytesRead);
    },
  };
}

/** Thrown for a layer that holds much data. */
class LayerTooLarge extends Error {}

/** Reads all entries but the data of disk.img, and writes the others into the folder. @returns disk.img */
async function findDisk(content: Lz4Content, options: ReadOptions): Promise<ArchiveEntry | undefined> {
  try {
    const found = await readHeaders(content, options).catch(() => undefined);
    if (found && isCertain(found, content)) return tellNotes(found, content, options);
    await content.measure();
    return tellNotes(await readHeaders(content, options), content, options);
  } catch (error) {
    if (error instanceof LayerTooLarge) return undefined;
    throw error;
  }
}

interface Found {
  readonly disk: ArchiveEntry;
  /** The entry that comes last in the archive. */
  readonly last: ArchiveEntry;
  readonly notes: readonly string[];
}

async function readHeaders(content: Lz4Content, { folder }: ReadOptions): Promise<Found> {
  let disk: ArchiveEntry | undefined;
  let last: ArchiveEntry | undefined;
  const { notes } = await readEntries(new ByteReader(skippablePieces(content, pieceSize)), async (entry) => {
    last = entry;
    if (entry.name === "disk.img") {
      disk = entry;
      return;
    }
    if (entry.dataSize > maximumCopied) throw new LayerTooLarge();
    await rm(join(folder, entry.name), { force: true });
    await writeEntry(folder, entry);
  });
  if (!disk || !last) throw invalidArchive("disk.img: it is missing");
  return { disk, last, notes };
}

/**
 * Whether the size of each block is what `Lz4Content` assumes. All blocks up to the data of disk.img were decompressed, and had their
 * sizes. If one of its data had less, the archive would be too short for the two blocks of zeros that end each tar archive.
 */
function isCertain({ disk, last }: Found, content: Lz4Content): boolean {
  return last === disk && content.size === endOfEntry(disk) + tarEnd.length;
}

function tellNotes({ disk, notes }: Found, content: Lz4Content, { onNote }: ReadOptions): ArchiveEntry {
  for (const note of content.isChecked ? notes : [...notes, noChecksums]) onNote?.(note);
  return disk;
}

async function readDisk(
  content: Lz4Content,
  { extents, offset: dataOffset }: ArchiveEntry,
  [target, offset, length, position]: Parameters<OpenDisk["read"]>,
): ReturnType<OpenDisk["read"]> {
  const { length: inRun, place } = extents.locate(position);
  const wanted = Math.min(length, inRun);
  if (place === undefined) {
    target.fill(0, offset, offset + wanted);
    return { bytesRead: wanted };
  }
  const bytes = await content.read(dataOffset + place, wanted);
  target.set(bytes, offset);
  return { bytesRead: bytes.length };
}
