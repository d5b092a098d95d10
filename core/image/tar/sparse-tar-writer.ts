import type { Extent, ExtentList } from "../disk/extents.ts";
import {
  gnuMagic,
  realSizeField,
  sparseMapInExtension,
  sparseMapInHeader,
  sparseNumberLength,
  tarBlockSize,
  tarFields,
  tarTypes,
  withTarChecksum,
  writeTarNumber,
} from "./tar-header.ts";

/** Two blocks of zeros end a tar archive. */
export const tarEnd = Buffer.alloc(2 * tarBlockSize);

/** The header of a file whose data follows, padded to whole blocks. */
export function fileHeader(name: string, size: number): Buffer {
  return withTarChecksum(plainHeader(name, tarTypes.file, size));
}

/**
 * The header, in GNU tar's old sparse format, of a file whose extents' data follows, padded to whole blocks.
 *
 * @param size of the file with its holes
 * @param extents starting and ending at whole blocks, but for the file's end
 */
export function* sparseFileHeader(name: string, size: number, extents: ExtentList): Generator<Buffer> {
  const header = plainHeader(name, tarTypes.sparseFile, extents.dataSize);
  writeTarNumber(header, realSizeField, size);
  let block = header;
  let layout: typeof sparseMapInHeader | typeof sparseMapInExtension = sparseMapInHeader;
  let pairs = 0;
  for (const { start, length } of withEnd(extents, size)) {
    if (pairs === layout.pairs) {
      block[layout.more] = 1;
      yield block === header ? withTarChecksum(header) : block;
      block = Buffer.alloc(tarBlockSize);
      layout = sparseMapInExtension;
      pairs = 0;
    }
    const at = layout.start + 2 * pairs * sparseNumberLength;
    writeTarNumber(block, { start: at, length: sparseNumberLength }, start);
    writeTarNumber(block, { start: at + sparseNumberLength, length: sparseNumberLength }, length);
    pairs++;
  }
  yield block === header ? withTarChecksum(header) : block;
}

/** Adds the extent that GNU tar writes where a file ends with a hole: an empty one at the end. */
function* withEnd(extents: ExtentList, size: number): Generator<Extent> {
  yield* extents;
  if (extents.end < size) yield { start: size, length: 0 };
}

/** The same for every file, so that the same content gives the same bytes. */
const fixedMode = 0o644;
/** 1980-01-01, in seconds since the epoch: GNU tar warns about a time of 0. */
const fixedTime = 315_532_800;

function plainHeader(name: string, type: string, size: number): Buffer {
  const header = Buffer.alloc(tarBlockSize);
  header.write(name, tarFields.name.start, "latin1");
  writeTarNumber(header, tarFields.mode, fixedMode);
  writeTarNumber(header, tarFields.owner, 0);
  writeTarNumber(header, tarFields.group, 0);
  writeTarNumber(header, tarFields.size, size);
  writeTarNumber(header, tarFields.modified, fixedTime);
  header.write(type, tarFields.type.start, "latin1");
  header.write(gnuMagic, tarFields.magic.start, "latin1");
  return header;
}
