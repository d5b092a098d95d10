import type { ByteReader } from "../byte-reader.ts";
import { ExtentList } from "../disk/extents.ts";
import { isZero } from "../disk/zeros.ts";
import type { FilePiece } from "../file-piece.ts";
import { invalidArchive, quoteName } from "../image-errors.ts";
import { type PaxHeader, parsePaxHeader } from "./pax-header.ts";
import { parseDecimal, paxSparseMap, readGnuSparseMap, readPaxSparseMap } from "./sparse-map.ts";
import {
  gnuMagic,
  parseTarNumber,
  realSizeField,
  type TarField,
  tarBlockSize,
  tarChecksum,
  tarFields,
  tarPadding,
  tarTypes,
  ustarMagic,
} from "./tar-header.ts";

export interface TarEntry {
  /** The name in the archive, with any `./`. */
  readonly name: string;
  readonly kind: "file" | "folder";
  /** Bytes of the file, holes included. */
  readonly size: number;
  /** Bytes of it that the archive holds. */
  readonly dataSize: number;
  /** The parts of the file outside holes. */
  readonly extents: ExtentList;
  /** The place of the extents' data in the archive: all of it, one after the other. */
  readonly offset: number;
  /** That data, in ascending order. The rest that nobody reads is skipped when the next entry is asked for. */
  readonly data: AsyncIterable<FilePiece>;
}

/** A PAX header over this many bytes is refused; a sparse map of version 0.0 takes about 60 bytes an extent. */
const maximumPaxHeader = 4 * 1024 * 1024;

/**
 * Reads a tar archive to its very end: ustar, GNU and PAX headers, files sparse in any of GNU tar's ways or not.
 *
 * @throws AppError `invalid-archive` for anything else, such as links, and for archives that are damaged or end early.
 */
export async function* readTar(reader: ByteReader): AsyncGenerator<TarEntry> {
  let pax: PaxHeader | undefined;
  for (;;) {
    const header = await readHeader(reader);
    if (!header) break;
    if (header.type === tarTypes.paxHeader) {
      if (pax) throw invalidArchive("a PAX header follows another one");
      pax = await readPaxHeader(reader, header.size);
      continue;
    }
    const entry = await readEntry(reader, header, pax);
    pax = undefined;
    yield entry;
    await reader.skip(endOfEntry(entry) - reader.position, quoteName(entry.name));
  }
  if (pax) throw invalidArchive("a PAX header has no entry after it");
  await readEnd(reader);
}

/** The place after an entry and its padding: that of the next one. */
export function endOfEntry({ offset, dataSize }: Pick<TarEntry, "offset" | "dataSize">): number {
  return offset + dataSize + tarPadding(dataSize);
}

interface Header {
  readonly block: Buffer;
  readonly name: string;
  readonly type: string;
  /** Bytes that the archive holds of the entry. */
  readonly size: number;
}

/** Reads one header; undefined is the block of zeros that ends the archive. */
async function readHeader(reader: ByteReader): Promise<Header | undefined> {
  const block = await reader.read(tarBlockSize, "the tar archive");
  if (isZero(block)) return undefined;
  const magic = block.toString(
    "latin1",
    tarFields.magic.start,
    tarFields.magic.start + tarFields.magic.length,
  );
  if (magic !== gnuMagic && magic !== ustarMagic && !isOldHeader(block))
    throw invalidArchive("it is not a tar archive, or a damaged one");
  const prefix = magic === ustarMagic ? text(block, tarFields.namePrefix) : "";
  const name = (prefix && `${prefix}/`) + text(block, tarFields.name);
  const entry = quoteName(name);
  if (parseTarNumber(block, tarFields.checksum, entry) !== tarChecksum(block)) {
    throw invalidArchive(`${entry}: its header's checksum is wrong`);
  }
  const type = block.toString("latin1", tarFields.type.start, tarFields.type.start + 1);
  return { block, name, type, size: parseTarNumber(block, tarFields.size, entry) };
}

/**
 * Whether a header is of tar's format before POSIX (`tar --format=v7`): it has nothing where others have their magic, and
 * only its checksum tells it from other data.
 */
function isOldHeader(block: Buffer): boolean {
  const { start, length } = tarFields.checksum;
  const [, digits] = /^ *([0-7]+)[ \0]*$/.exec(block.toString("latin1", start, start + length)) ?? [];
  const hasMagic = !isZero(block, tarFields.magic.start, tarFields.magic.start + tarFields.magic.length);
  return !hasMagic && Number.parseInt(digits ?? "", 8) === tarChecksum(block);
}

async function readPaxHeader(reader: ByteReader, size: number): Promise<PaxHeader> {
  if (size > maximumPaxHeader)
    throw invalidArchive(`a PAX header has ${size} bytes, over ${maximumPaxHeader}`);
  const data = await reader.read(size, "a PAX header");
  await reader.skip(tarPadding(size), "a PAX header");
  return parsePaxHeader(data);
}

async function readEntry(reader: ByteReader, header: Header, pax: PaxHeader | undefined): Promise<TarEntry> {
  const name = pax?.values.get("GNU.sparse.name") ?? pax?.values.get("path") ?? header.name;
  const entry = quoteName(name);
  const packedSize = pax?.values.get("size");
  const storedSize = packedSize === undefined ? header.size : parseDecimal(packedSize, entry);
  // The old format has no type for folders, but a slash at the end of their names.
  const isFolder =
    header.type === tarTypes.folder || (header.type === tarTypes.oldFile && name.endsWith("/"));
  if (isFolder) {
    if (storedSize > 0) throw invalidArchive(`${entry}: a folder with data`);
    return { name, kind: "folder", size: 0, ...dataOf(reader, new ExtentList(), entry) };
  }
  const { size, extents, mapSize } = await readLayout(reader, header, pax, storedSize, entry);
  if (mapSize + extents.dataSize !== storedSize) {
    throw invalidArchive(`${entry}: its sparse map does not fit its size`);
  }
  return { name, kind: "file", size, ...dataOf(reader, extents, entry) };
}

function dataOf(
  reader: ByteReader,
  extents: ExtentList,
  entry: string,
): Pick<TarEntry, "dataSize" | "extents" | "offset" | "data"> {
  const { dataSize } = extents;
  return { dataSize, extents, offset: reader.position, data: readData(reader, extents, entry) };
}

/**
 * The meaning of an entry's data: the file's size, the extents of the data, and the size of a map that precedes it.
 */
interface Layout {
  readonly size: number;
  readonly extents: ExtentList;
  readonly mapSize: number;
}

async function readLayout(
  reader: ByteReader,
  header: Header,
  pax: PaxHeader | undefined,
  storedSize: number,
  entry: string,
): Promise<Layout> {
  const paxVersion = pax?.values.get("GNU.sparse.major");
  if (header.type === tarTypes.sparseFile) {
    const size = parseTarNumber(header.block, realSizeField, entry);
    return { size, extents: await readGnuSparseMap(header.block, size, reader, entry), mapSize: 0 };
  }
  if (header.type !== tarTypes.file && header.type !== tarTypes.oldFile) {
    throw invalidArchive(`${entry}: it is ${describeType(header.type)}, not a plain file`);
  }
  if (pax?.sparseNumbers) {
    const size = parseDecimal(pax.values.get("GNU.sparse.size"), entry);
    return { size, extents: paxSparseMap(pax.sparseNumbers, size, entry), mapSize: 0 };
  }
  if (paxVersion === undefined) {
    const extents = new ExtentList();
    if (storedSize > 0) extents.add(0, storedSize);
    return { size: storedSize, extents, mapSize: 0 };
  }
  const minor = pax?.values.get("GNU.sparse.minor");
  if (paxVersion !== "1" || minor !== "0") {
    throw invalidArchive(`${entry}: its sparse format ${paxVersion}.${minor} is not known`);
  }
  const size = parseDecimal(pax?.values.get("GNU.sparse.realsize"), entry);
  return { size, ...(await readPaxSparseMap(size, reader, entry)) };
}

async function* readData(reader: ByteReader, extents: ExtentList, entry: string): AsyncGenerator<FilePiece> {
  for (const { start, length } of extents) {
    for (let done = 0; done < length; ) {
      const bytes = await reader.take(length - done, entry);
      yield { position: start + done, bytes };
      done += bytes.length;
    }
  }
}

/**
 * Zeros after an archive's end over this many bytes are refused: a small file can hold hours of them. GNU tar fills
 * its last record with zeros, which has 10 KiB by default.
 */
const maximumEndZeros = 16 * 1024 * 1024;

/** After the first block of zeros there is at least one more, and nothing else. */
async function readEnd(reader: ByteReader): Promise<void> {
  let zeros: Uint8Array = await reader.read(tarBlockSize, "the end of the tar archive");
  for (let size = zeros.length; ; size += zeros.length) {
    if (!isZero(zeros)) throw invalidArchive("there is data after the end of the tar archive");
    if (size > maximumEndZeros)
      throw invalidArchive("over 16 MiB of zeros follow the end of the tar archive");
    if (await reader.atEnd()) return;
    zeros = await reader.take(maximumEndZeros, "zeros");
  }
}

function text(block: Buffer, { start, length }: TarField): string {
  const field = block.subarray(start, start + length);
  const end = field.indexOf(0);
  return field.toString("utf8", 0, end < 0 ? length : end);
}

const otherTypes: Readonly<Record<string, string>> = {
  "1": "a hard link",
  "2": "a symbolic link",
  "3": "a character device",
  "4": "a block device",
  "6": "a named pipe",
  g: "a global PAX header",
  K: "a long link name",
  L: "a long name",
};

function describeType(type: string): string {
  return otherTypes[type] ?? `of the unknown type ${JSON.stringify(type)}`;
}
