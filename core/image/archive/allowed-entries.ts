import {
  type ImageEntryName,
  imageEntryNames,
  imageSizeLimit,
} from "../../../shared/library/image-archive.ts";
import { maximumMachineBytes } from "../../../shared/machine/machine.ts";
import type { ByteReader } from "../byte-reader.ts";
import { invalidArchive, quoteName } from "../image-errors.ts";
import { readTar, type TarEntry } from "../tar/sparse-tar-reader.ts";

/** One of the three files of an image, in an archive. */
export interface ArchiveEntry extends TarEntry {
  readonly name: ImageEntryName;
  /** The name in the archive, perhaps with `./` before it. */
  readonly nameInArchive: string;
}

/**
 * Reads a tar archive to its very end and refuses entries that an image archive can't have, before their data is read.
 *
 * Small archives can decompress to any number of bytes. All of them belong to a header, an entry's data or the end, and
 * there are limits to each: how many bytes that is in all follows from them.
 *
 * @throws AppError `invalid-archive`
 */
export async function* readArchiveEntries(reader: ByteReader): AsyncGenerator<ArchiveEntry> {
  const names = new Set<string>();
  let dataSize = 0;
  for await (const entry of readTar(reader)) {
    const name = isOuterFolder(entry) ? "./" : checkEntry(entry);
    if (names.has(name)) throw invalidArchive(`${name}: it occurs twice`);
    names.add(name);
    dataSize += entry.dataSize;
    if (dataSize >= imageSizeLimit) {
      throw invalidArchive(`${name}: with it, the entries have 50 GiB or more in total`);
    }
    if (name !== "./") yield { ...entry, name, nameInArchive: entry.name };
  }
}

function isOuterFolder({ name, kind }: TarEntry): boolean {
  return kind === "folder" && (name === "./" || name === ".");
}

function checkEntry({ name, kind, size }: TarEntry): ImageEntryName {
  const quoted = quoteName(name);
  if (kind === "folder") throw invalidArchive(`${quoted}: it is a folder`);
  if (name.startsWith("/")) throw invalidArchive(`${quoted}: its path is absolute`);
  if (name.split("/").includes("..")) throw invalidArchive(`${quoted}: its path leads out of the archive`);
  const plainName = name.replace(/^\.\//, "");
  const known = imageEntryNames.find((one) => one === plainName);
  if (!known) throw invalidArchive(`${quoted}: an image archive has no such entry`);
  if (size >= imageSizeLimit) throw invalidArchive(`${known}: it has ${size} bytes: 50 GiB or more`);
  if (known === "disk.img" && size === 0) throw invalidArchive("disk.img: it is empty");
  const isMachineTooLarge = known === "machine.json" && size > maximumMachineBytes;
  if (isMachineTooLarge) throw invalidArchive(`${known}: it has over 1 MiB`);
  return known;
}
