import { ByteReader } from "../../image/byte-reader.ts";
import { ExtentList } from "../../image/disk/extents.ts";
import { quoteName } from "../../image/image-errors.ts";
import {
  parseDecimal,
  paxSparseMap,
  readGnuSparseMap,
  readPaxSparseMap,
} from "../../image/tar/sparse-map.ts";
import {
  parseTarNumber,
  realSizeField,
  tarBlockSize,
  tarPadding,
  tarTypes,
} from "../../image/tar/tar-header.ts";
import { type ByteSource, sliceSource } from "../byte-source.ts";
import { damaged } from "../damaged.ts";
import type { TarEntry } from "./tar-entry.ts";

/** The content of a file in a tar archive. */
export interface TarContent {
  /** Bytes of the file, with its holes. */
  readonly size: number;
  /** The data outside of holes. */
  readonly extents: ExtentList;
  /** The place of the data, in bytes from the beginning of the archive. */
  readonly dataStart: number;
  /** The place of the next entry. */
  readonly end: number;
}

/**
 * Finds the content of a regular file, sparse in any of GNU tar's ways or not.
 *
 * @throws AppError `damaged-file-system`, `invalid-archive`
 */
export async function locateContent(source: ByteSource, entry: TarEntry): Promise<TarContent> {
  const { dataStart, storedSize } = entry;
  const name = quoteName(entry.path.toString());
  const reader = new BlockReader(source, dataStart);
  const layout = await readLayout(entry, reader, name);
  // The map of the old format comes before the data that the header counts, and that of version 1.0 is counted with it.
  const mapEnd = dataStart + reader.read;
  const counted = entry.type === tarTypes.sparseFile ? 0 : reader.read;
  if (counted + layout.extents.dataSize !== storedSize)
    throw damaged(`the sparse map of ${name} does not fit its size`);
  const end = mapEnd - counted + storedSize;
  return { ...layout, dataStart: mapEnd, end: end + tarPadding(storedSize) };
}

async function readLayout(
  entry: TarEntry,
  blocks: BlockReader,
  name: string,
): Promise<Pick<TarContent, "size" | "extents">> {
  const { type, header, pax, sparseNumbers, storedSize } = entry;
  if (type === tarTypes.sparseFile) {
    const size = parseTarNumber(header, realSizeField, name);
    return { size, extents: await readGnuSparseMap(header, size, blocks.reader, name) };
  }
  if (sparseNumbers) {
    const size = parseDecimal(pax.get("GNU.sparse.size"), name);
    return { size, extents: paxSparseMap(sparseNumbers, size, name) };
  }
  if (pax.get("GNU.sparse.major") === "1" && pax.get("GNU.sparse.minor") === "0") {
    const size = parseDecimal(pax.get("GNU.sparse.realsize"), name);
    return { size, extents: (await readPaxSparseMap(size, blocks.reader, name)).extents };
  }
  const extents = new ExtentList();
  if (storedSize > 0) extents.add(0, storedSize);
  return { size: storedSize, extents };
}

/** Hands out blocks of the archive, and counts how much of it was read. */
class BlockReader {
  readonly reader: ByteReader;
  read = 0;

  constructor(source: ByteSource, start: number) {
    this.reader = new ByteReader(this.#blocks(source, start));
  }

  async *#blocks(source: ByteSource, start: number): AsyncGenerator<Uint8Array> {
    for (;;) {
      const block = await source.read(start + this.read, tarBlockSize);
      if (block.length < tarBlockSize) return;
      this.read += tarBlockSize;
      yield block;
    }
  }
}

/** The content as a source of its own. @throws AppError `damaged-file-system` if the archive ends before it does */
export function openContent(source: ByteSource, content: TarContent): ByteSource {
  const { size, extents, dataStart } = content;
  const data = openPlain(source, dataStart, extents.dataSize);
  if (extents.dataSize === size) return data;
  const pieces = [...extents];
  const places: number[] = [];
  let next = dataStart;
  for (const { length } of pieces) {
    places.push(next);
    next += length;
  }
  return {
    size,
    nextData: async (offset) => Math.min(size, extents.nextFrom(offset) ?? size),
    read: async (offset, length) => {
      const end = Math.min(size, offset + length);
      const bytes = Buffer.alloc(Math.max(0, end - offset));
      for (let index = firstAfter(pieces, offset); index < pieces.length; index++) {
        const { start, length: pieceLength } = pieces[index] ?? { start: end, length: 0 };
        if (start >= end) break;
        const from = Math.max(start, offset);
        const to = Math.min(start + pieceLength, end);
        const data = await source.read((places[index] ?? 0) + from - start, to - from);
        bytes.set(data, from - offset);
      }
      return bytes;
    },
  };
}

/** The content of a file without holes. @throws AppError `damaged-file-system` if the archive ends before it does */
export function openPlain(source: ByteSource, dataStart: number, size: number): ByteSource {
  if (dataStart + size > source.size)
    throw damaged(`the tar archive ends before the end of the content at byte ${dataStart}`);
  return sliceSource(source, dataStart, size);
}

/** The index of the first extent that ends after an offset. */
function firstAfter(
  extents: readonly { readonly start: number; readonly length: number }[],
  offset: number,
): number {
  let [low, high] = [0, extents.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const { start, length } = extents[middle] ?? { start: 0, length: 0 };
    if (start + length > offset) high = middle;
    else low = middle + 1;
  }
  return low;
}
