import type { ByteSource } from "../file-systems/byte-source.ts";
import { isZero } from "../image/disk/zeros.ts";
import { extendLimit, requireTime } from "./tree/work-limit.ts";

/** Bytes that are read at once. */
const pieceBytes = 1024 * 1024;

/** Reads a whole source, piece by piece. */
export async function* readAll(source: ByteSource): AsyncGenerator<Buffer> {
  for (let offset = 0; offset < source.size; ) {
    const piece = await source.read(offset, Math.min(pieceBytes, source.size - offset));
    if (piece.length === 0) return;
    offset += piece.length;
    requireTime();
    yield piece;
    // A reader that waits, such as a pager, doesn't use up the time of the image.
    extendLimit();
  }
}

/** A piece of a source, which begins at a multiple of its largest length. */
interface DataPiece {
  readonly position: number;
  readonly bytes: Buffer;
}

/** Reads the pieces of a source that are not all zeros. Holes are not read: a file that is larger than any disk takes no time. */
export async function* readData(source: ByteSource): AsyncGenerator<DataPiece> {
  const next = async (offset: number) => (await source.nextData?.(offset)) ?? offset;
  for (let at = await next(0); at < source.size; at = await next(at)) {
    const position = at - (at % pieceBytes);
    const bytes = await source.read(position, Math.min(pieceBytes, source.size - position));
    if (bytes.length === 0) return;
    at = position + bytes.length;
    requireTime();
    extendLimit();
    if (!isZero(bytes)) yield { position, bytes };
  }
}
