import { isUtf8 } from "node:buffer";
import { createHash, type Hash } from "node:crypto";
import {
  type ImageArchive,
  type ImageEntry,
  type ImageEntryName,
  imageSizeLimit,
} from "../../../shared/library/image-archive.ts";
import { maximumMachineBytes, parseMachine } from "../../../shared/machine/machine.ts";
import { type LongWork, readPieces } from "../../files/read-pieces.ts";
import { openRegularFile } from "../../files/regular-file.ts";
import { type BytePieces, ByteReader } from "../byte-reader.ts";
import { decompress } from "../compression/compression.ts";
import { virtualSizeOfRaw } from "../disk/disk-image.ts";
import { checkLayer, qcow2HeaderLimit } from "../disk/qcow2-header.ts";
import type { FilePiece } from "../file-piece.ts";
import { invalidArchive, quoteName } from "../image-errors.ts";
import { type ArchiveEntry, readArchiveEntries } from "./allowed-entries.ts";

/** Takes the content of one entry: all of `data`, to its end; only that of disk.img may be left where it is. */
export type StoreEntry = (entry: ArchiveEntry) => Promise<void>;

/**
 * Reads an archive from its first to its last byte and refuses all that is not an image archive.
 *
 * @throws AppError `invalid-archive` or `invalid-machine`, which name the entry and the reason.
 */
export async function readArchive(path: string, store: StoreEntry, work: LongWork): Promise<ImageArchive> {
  await using file = await openRegularFile(path);
  const { size } = await file.stat();
  checkArchiveSize(size);
  const hash = createHash("sha256");
  const { format, content: bytes, isChecked } = await decompress(hashed(readPieces(file, work), hash));
  const reader = new ByteReader(interruptible(bytes, work.signal));
  try {
    const { notes, ...content } = await readEntries(reader, store);
    return {
      ...{ format, size, digest: hash.digest("hex"), ...content },
      notes: isChecked() ? notes : [...notes, noChecksums],
    };
  } finally {
    await reader.close();
  }
}

/** @throws AppError `invalid-archive` for a file that is larger than an archive may be */
export function checkArchiveSize(size: number): void {
  if (size >= imageSizeLimit) throw invalidArchive(`it has ${size} bytes: 50 GiB or more`);
}

async function* hashed(pieces: BytePieces, hash: Hash): AsyncGenerator<Uint8Array> {
  for await (const bytes of pieces) {
    hash.update(bytes);
    yield bytes;
  }
}

/** A piece of the archive can decompress to gigabytes: an interruption must not wait for the next piece. */
async function* interruptible(content: BytePieces, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  for await (const bytes of content) {
    signal?.throwIfAborted();
    yield bytes;
  }
}

/** The part of an entry's start that is kept in memory, for the checks at the end. Bytes. */
const keptBytes: Readonly<Record<ImageEntryName, number>> = {
  "machine.json": maximumMachineBytes,
  "layer.qcow2": qcow2HeaderLimit,
  "disk.img": 0,
};

/** Reads the entries of an image from a tar archive. @throws AppError as `readArchive` */
export async function readEntries(
  reader: ByteReader,
  store: StoreEntry,
): Promise<Pick<ImageArchive, "entries" | "machine" | "notes">> {
  let strangeName: string | undefined;
  const entries = new Map<ImageEntryName, ImageEntry & { readonly start: Buffer }>();
  for await (const entry of readArchiveEntries(reader)) {
    const { name, nameInArchive, size, dataSize } = entry;
    if (nameInArchive !== name) strangeName ??= nameInArchive;
    const start = Buffer.alloc(Math.min(size, keptBytes[name]));
    await store({ ...entry, data: keepStart(entry.data, start) });
    entries.set(name, { name, size, dataSize, start });
  }
  const present = (name: ImageEntryName) => {
    const entry = entries.get(name);
    if (!entry) throw invalidArchive(`${name}: it is missing`);
    return entry;
  };
  const machineText = present("machine.json").start;
  if (!isUtf8(machineText)) throw invalidArchive("machine.json: it is not UTF-8 text");
  const machine = parseMachine(machineText.toString(), "machine.json");
  checkLayer(present("layer.qcow2").start, virtualSizeOfRaw(present("disk.img").size));
  const list = [...entries.values()].map(({ name, size, dataSize }) => ({ name, size, dataSize }));
  return { entries: list, machine, notes: strangeName === undefined ? [] : [workersRefuse(strangeName)] };
}

/** The note about an archive without checksums, which compressors can leave out. */
export const noChecksums =
  "This archive has no checksums: damage to it can't be found. Extract it and pack it again with Tinsmith.";

/** Workers extract entries by their plain names. */
function workersRefuse(name: string): string {
  return `Workers refuse this archive: it has ${quoteName(name)} where they expect a name without "./". Extract it and pack it again with Tinsmith.`;
}

/** Passes pieces on, and copies the part that belongs to the first bytes of the file. */
async function* keepStart(pieces: AsyncIterable<FilePiece>, start: Buffer): AsyncGenerator<FilePiece> {
  for await (const piece of pieces) {
    if (piece.position < start.length) {
      start.set(piece.bytes.subarray(0, start.length - piece.position), piece.position);
    }
    yield piece;
  }
}
